/** Golden cases of what Twisted's ServerProtocol writes, played on our terminal. */
import { describe, expect, test } from '@jest/globals';
import type { CharacterSet, GraphicSet } from '../../terminal/output/character-sets.ts';
import { openTerminal, type TerminalLab } from '../terminal/terminal-lab.ts';
import { turns } from '../support/turns.ts';
import { insultsDifferences } from './insults-differences.ts';
import { bytesOf, isDifferent, judge, loadCases, type Log } from './vectors.ts';

type Value = number | string | boolean | null | { readonly b: string } | readonly Value[];

interface Step {
  readonly call: string;
  readonly args: readonly Value[];
  readonly kw?: Readonly<Record<string, number>>;
  readonly bytes: string;
  readonly raises?: unknown;
}

interface Case {
  readonly name: string;
  readonly steps?: readonly Step[];
  /** Cases of cursor reports: how many were asked for, what then came in, and who heard what. */
  readonly pendingReports?: number;
  readonly input?: readonly string[];
  readonly calls?: ReadonlyArray<readonly [string, ...unknown[]]>;
}

/** Bytes are bytes for `write`, and a name elsewhere. */
const bytesOrText = (value: Value | undefined): Uint8Array | string =>
  (typeof value === 'object' && value !== null && 'b' in value ? bytesOf(value) : value) as Uint8Array | string;
const named = (value: Value | undefined): string => Buffer.from(bytesOrText(value)).toString();
const number = (value: Value | undefined): number => value as number;
const list = (value: Value | undefined): number[] => value as number[];

const sets: Readonly<Record<string, CharacterSet>> = {
  CS_US: 'us',
  CS_UK: 'uk',
  CS_DRAWING: 'line-drawing',
  CS_ALTERNATE: 'alternate',
  CS_ALTERNATE_SPECIAL: 'alternate-special',
};

/** A call of Twisted's, on our terminal. Names that are the same are not listed. */
const calls: Readonly<Record<string, (lab: TerminalLab, step: Step) => void>> = {
  write: ({ terminal }, { args: [data] }) => terminal.write(bytesOrText(data)),
  writeSequence: ({ terminal }, { args: [data] }) =>
    terminal.writeSequence((data as readonly Value[]).map(bytesOrText) as Uint8Array[]),
  horizontalTabulationSet: ({ terminal }) => terminal.setTabStop(),
  tabulationClear: ({ terminal }) => terminal.clearTabStop(),
  tabulationClearAll: ({ terminal }) => terminal.clearAllTabStops(),
  doubleHeightLine: ({ terminal }, { args: [top = true] }) => terminal.doubleHeightLine(top ? 'top' : 'bottom'),
  setModes: ({ terminal }, { args: [modes] }) => terminal.setModes(list(modes)),
  resetModes: ({ terminal }, { args: [modes] }) => terminal.resetModes(list(modes)),
  setPrivateModes: ({ terminal }, { args: [modes] }) => terminal.setPrivateModes(list(modes)),
  resetPrivateModes: ({ terminal }, { args: [modes] }) => terminal.resetPrivateModes(list(modes)),
  selectCharacterSet: ({ terminal }, { args: [set, into] }) =>
    typeof set === 'string' || typeof into === 'string'
      ? raise()
      : terminal.selectCharacterSet(sets[named(set)]!, named(into) as GraphicSet),
  selectGraphicRendition: ({ terminal }, { args }) =>
    typeof args[0] === 'object'
      ? raise()
      : terminal.selectGraphicRendition(...args.flatMap(value => `${value as string | number}`.split(';')).map(Number)),
  setScrollRegion: ({ terminal }, { args: [first = null, last = null], kw }) =>
    first === null && last === null && !kw
      ? terminal.resetScrollRegion()
      : terminal.scrollRegion(number(kw?.['first'] ?? first) - 1, number(kw?.['last'] ?? last) - 1),
  reportCursorPosition: ({ terminal }) => void terminal.reportCursorPosition().catch(() => undefined),
  'a.cursorForward': () => undefined,
  'a.cursorDown': () => undefined,
};

function raise(): never {
  throw new TypeError('no such argument can be given');
}

function play(lab: TerminalLab, step: Step): string {
  try {
    const call = calls[step.call];
    const same = lab.terminal as unknown as Record<string, (...args: readonly Value[]) => void>;
    if (call) call(lab, step);
    else same[step.call]!(...step.args);
  } catch {
    return 'raises';
  }
  const written = lab.wire.value().toString();
  lab.wire.clear();
  return JSON.stringify(written);
}

const twistedStep = ({ raises, bytes = '' }: Step): string =>
  raises ? 'raises' : JSON.stringify(Buffer.from(bytes, 'hex').toString());

const cases = loadCases<Case>('insults.json');
const scripts = cases.filter(({ steps }) => steps !== undefined && !steps.some(({ call }) => call.startsWith('a.')));
const reports = cases.filter(({ pendingReports }) => pendingReports !== undefined);

describe('what is written', () => {
  test.each(scripts)('$name', ({ name, steps = [] }) => {
    const lab = openTerminal();
    judge(name, { twisted: steps.map(twistedStep), ours: steps.map(step => play(lab, step)) }, insultsDifferences);
  });
});

describe('reports of the cursor', () => {
  test.each(reports)('$name', async ({ name, pendingReports = 0, input = [], calls: heard = [] }) => {
    const lab = openTerminal();
    const ours: string[] = [];
    lab.program.react = line => ours.push(line.replace(/^key /, ''));
    for (let asked = 0; asked < pendingReports; asked += 1) {
      void lab.terminal.reportCursorPosition().then(
        ({ column, row }) => ours.push(`report ${asked} ${column},${row}`),
        () => undefined,
      );
    }
    for (const piece of input) lab.says(Buffer.from(piece, 'hex'));
    await turns(2);
    // A promise is told a moment later than a Deferred, so what is compared is what was told, not in which order.
    judge(name, { twisted: heard.map(twistedCall).sort(), ours: ours.sort() }, insultsDifferences);
  });
});

function twistedCall([method, ...args]: readonly [string, ...unknown[]]): string {
  if (method === 'report') return `report ${args.join(' ')}`;
  const text = bytesOf(args[0] as { b: string })
    .toString('latin1')
    .replaceAll('\x1b', 'ESC ');
  return method === 'keystrokeReceived' ? text : `unhandled ${text}`;
}

test('so many match, and in so many we differ', () => {
  const all: Log = cases.map(({ name }) => name);
  const differ = all.filter(name => isDifferent(insultsDifferences, name)).length;
  expect({ match: all.length - differ, differ }).toEqual({ match: 149, differ: 38 });
});
