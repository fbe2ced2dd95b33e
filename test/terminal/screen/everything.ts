/** All that an emulator keeps and a repaint has to bring, as one value. */
import { Emulator, type EmulatorBuffer } from '../../../terminal/screen/headless.ts';
import type { ScreenCell } from '../../../terminal/screen/cell.ts';
import { screenModes } from '../../../terminal/screen/screen-modes.ts';

/** An empty place with more than a background is a space: repaint.ts says so. */
function normal({ text, width, style, link }: ScreenCell, atEdge: boolean): unknown {
  const { background: _background, ...more } = style;
  const isStyled = atEdge || Object.keys(more).length > 0 || link !== undefined;
  return [text === '' && width === 1 && isStyled ? ' ' : text, width, style, link ?? null];
}

/** `edge` is the line at whose edge the cursor waits: there, too, an empty place is a space. */
function screen(buffer: EmulatorBuffer, columns: number, edge?: number): unknown {
  const { length, base, margins, tabStops, saved } = buffer;
  const lines = Array.from({ length }, (_, line) => ({
    wrapped: line > 0 && buffer.isWrapped(line),
    cells: Array.from({ length: columns }, (_place, column) =>
      normal(buffer.cell(column, line), line === edge && column === columns - 1),
    ),
  }));
  return { base, margins, tabStops, saved, lines };
}

export function everything(emulator: Emulator): unknown {
  const { columns, rowCount, cursor, title, titleStack, pen, charsets, keyboard, shown } = emulator;
  const { used, inForce, sets } = charsets;
  const edge = cursor.column === columns ? emulator.buffer(shown).base + cursor.row : undefined;
  return {
    shown,
    normal: screen(emulator.buffer('normal'), columns, shown === 'normal' ? edge : undefined),
    alternate: shown === 'alternate' ? screen(emulator.buffer('alternate'), columns, edge) : 'hidden',
    size: [columns, rowCount],
    cursor,
    title,
    titleStack,
    pen,
    charsets: { used, inForce, sets: sets.map((set, slot) => (slot === used ? inForce : set)) },
    keyboard: [keyboard.stack('normal'), shown === 'alternate' ? keyboard.stack('alternate') : []],
    modes: screenModes(emulator),
  };
}
