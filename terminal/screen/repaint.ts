/**
 * Writes down a screen as the control functions that paint it again on a terminal of the same size.
 *
 * Both screens, scrollback, cursor, saved cursors, margins, tab stops, modes, character sets, style, link, keyboard flags,
 * titles. What cannot be told: an empty place with more than a background, or at the edge where
 * the cursor waits, becomes a space in its style; before the first
 * line nothing is known to be wrapped; on a screen of one row nothing is; of the other screen than the alternate one,
 * while that is hidden, nothing is kept. Proved by test/terminal/screen/repaint.test.ts on a second emulator.
 */
import { csi } from '../output/control.ts';
import * as out from '../output/index.ts';
import type { StyleAbilities } from '../output/style.ts';
import type { Emulator, EmulatorBuffer } from './headless.ts';
import type { ScreenName } from './keyboard-stack.ts';
import { finalCharsets, selectSet, us } from './repaint-charsets.ts';
import { LinePainter } from './repaint-line.ts';
import { screenModes, type ScreenModes } from './screen-modes.ts';

export interface RepaintOptions {
  /** How many lines of scrollback to paint, the newest. @default all */
  readonly scrollback?: number;
  /** What the terminal that is painted on can show. @default everything */
  readonly abilities?: StyleAbilities;
}

/** The whole of `emulator`. Begins with a full reset, so it does not matter what was there before. */
export function repaint(emulator: Emulator, { scrollback, abilities }: RepaintOptions = {}): string {
  const painter = new LinePainter(emulator.columns, style => out.setStyle(style, abilities));
  const screen = (name: ScreenName, lines: number | undefined): string =>
    painted(emulator, { name, painter, scrollback: lines });
  return [
    out.reset(),
    plainTerminal,
    titles(emulator),
    screen('normal', scrollback),
    ...(emulator.shown === 'alternate' ? [out.setPrivateModes([47]), screen('alternate', 0)] : []),
    finalCharsets(emulator.charsets),
    finalModes(emulator),
    finalCursor(emulator, painter),
    screenModes(emulator).synchronizedOutput ? out.setPrivateModes(['synchronizedOutput']) : '',
  ].join('');
}

/** What a reset leaves as it was in some terminals. */
const plainTerminal = `${out.resetModes(['insert', 'newLine'])}${out.setPrivateModes(['autoWrap', 'cursorVisible'])}`;

function titles({ title, titleStack }: Emulator): string {
  const pushed = titleStack.map(name => out.setTitle(name) + out.pushTitle()).join('');
  return title === '' && pushed === '' ? '' : pushed + out.setTitle(title);
}

interface Painting {
  readonly name: ScreenName;
  readonly painter: LinePainter;
  readonly scrollback: number | undefined;
}

/** One screen's lines, and what is kept for it. The cursor ends in some place. */
function painted(emulator: Emulator, { name, painter, scrollback }: Painting): string {
  const buffer = emulator.buffer(name);
  const first = Math.max(0, buffer.base - (scrollback ?? buffer.base));
  const lines = Array.from({ length: buffer.length - first }, (_, line) => line + first);
  const canWrap = emulator.rowCount > 1;
  return [
    out.cursorHome(),
    ...lines.map(line => painter.line(buffer, line, canWrap)),
    painter.plain(),
    tabStops(buffer, emulator.columns),
    savedCursor(buffer, painter),
    margins(buffer, emulator.rowCount),
    ...emulator.keyboard.stack(name).map(flags => csi(`>${flags}u`)),
  ].join('');
}

const everyEighth = (columns: number): string =>
  Array.from({ length: Math.ceil(columns / 8) }, (_, stop) => stop * 8).join();

function tabStops({ tabStops: stops }: EmulatorBuffer, columns: number): string {
  if (stops.join() === everyEighth(columns)) return '';
  return out.clearAllTabStops() + stops.map(column => out.cursorColumn(column) + out.setTabStop()).join('');
}

function savedCursor({ saved }: EmulatorBuffer, painter: LinePainter): string {
  const { column, row, style, charset } = saved;
  const place = painter.pen(style) + out.cursorPosition(column, row);
  return selectSet(charset) + place + out.saveCursor() + painter.plain() + selectSet(us);
}

const margins = ({ margins: { top, bottom } }: EmulatorBuffer, rows: number): string =>
  top === 0 && bottom === rows - 1 ? '' : out.scrollRegion(top, bottom);

const switches = [
  ['cursorKeys', 'cursorKeys'],
  ['bracketedPaste', 'bracketedPaste'],
  ['focusReports', 'focusReports'],
  ['origin', 'origin'],
  ['reverseWrap', 45],
] as const satisfies ReadonlyArray<readonly [keyof ScreenModes, out.PrivateMode]>;

const mouse = {
  none: undefined,
  press: 'mousePress',
  buttons: 'mouseButtons',
  drag: 'mouseDrag',
  motion: 'mouseMotion',
} as const;
const mouseEncodings = { x10: undefined, sgr: 'mouseSgr', 'sgr-pixels': 'mouseSgrPixels' } as const;

/** All but what painting the cursor still needs: insert mode and wrapping. */
function finalModes(emulator: Emulator): string {
  const modes = screenModes(emulator);
  const named = switches.filter(([name]) => modes[name]).map(([, mode]) => mode);
  const on = [...named, mouse[modes.mouse], mouseEncodings[modes.mouseEncoding]].filter(mode => mode !== undefined);
  return [
    on.length > 0 ? out.setPrivateModes(on) : '',
    modes.applicationKeypad ? out.applicationKeypadMode() : '',
    modes.cursor.visible ? '' : out.resetPrivateModes(['cursorVisible']),
    modes.cursor.shape === 'default' ? '' : out.cursorShape(modes.cursor.shape),
    modes.newLine ? out.setModes(['newLine']) : '',
  ].join('');
}

function finalCursor(emulator: Emulator, painter: LinePainter): string {
  const { column, row } = emulator.cursor;
  const { insert, autoWrap, origin } = screenModes(emulator);
  const buffer = emulator.buffer(emulator.shown);
  const top = origin ? buffer.margins.top : 0;
  const place = out.cursorPosition(Math.min(column, emulator.columns - 1), row - top);
  const atEdge = column === emulator.columns ? painter.edge(buffer, buffer.base + row) : '';
  const { style, link } = emulator.pen;
  return [
    place,
    atEdge,
    painter.pen(style, link),
    insert ? out.setModes(['insert']) : '',
    autoWrap ? '' : out.resetPrivateModes(['autoWrap']),
  ].join('');
}
