/**
 * Golden cases of Twisted's Manhole, played on our prompt: the same keys, in JavaScript instead of Python, and what a
 * person sees then. Twisted's bytes are shown to a screen of the same kind. Colours are not compared: each has its own.
 */
import { describe, expect, test } from '@jest/globals';
import { highlight } from '../../terminal/repl/source.ts';
import { repl } from '../../terminal/repl/repl.ts';
import { ScreenBuffer } from '../../terminal/screen/screen-buffer.ts';
import { ScreenLab } from '../terminal/line/screen-lab.ts';
import { manholeDifferences } from './manhole-differences.ts';
import { isDifferent, judge, loadCases, type Log } from './vectors.ts';

interface Step {
  readonly in?: string;
  readonly out?: string;
  readonly op?: string;
  readonly args?: readonly unknown[];
}

interface Case {
  readonly name: string;
  readonly initial?: string;
  readonly steps?: readonly Step[];
  readonly disconnecting?: boolean;
  /** Of a case of colours: the line with SGR. */
  readonly out?: string;
}

const size = { columns: 60, rows: 14 };
const bytes = (hex = ''): Buffer => Buffer.from(hex, 'hex');

/** What is written in Python, in JavaScript. */
const inJavaScript = (text: string): string =>
  text
    .replaceAll('None', 'undefined')
    .replaceAll('print(', 'console.log(')
    .replaceAll('def f():', 'function f() {')
    .replaceAll('    return 3', 'return 3 }')
    .replaceAll('if 1:', 'if (1) {')
    .replaceAll('1/0', 'null.x');

const seen = (screen: ScreenBuffer, closed: boolean): Log => [
  ...screen.text.split('\n').map(row => row.trimEnd()),
  `cursor ${screen.cursor.column},${screen.cursor.row}`,
  ...(closed ? ['closed'] : []),
];

function twisted({ initial, steps = [], disconnecting = false }: Case): Log {
  using screen = new ScreenBuffer(size);
  screen.write(bytes(initial));
  for (const { out, op, args = [] } of steps) {
    if (op === 'terminalSize') screen.resize(Number(args[0]), Number(args[1]));
    screen.write(bytes(out));
  }
  return seen(screen, disconnecting).map(inJavaScript);
}

async function ours({ steps = [] }: Case): Promise<Log> {
  let settle: { resolve: (value: unknown) => void; reject: (error: unknown) => void } | undefined;
  const d = () => new Promise((resolve, reject) => (settle = { resolve, reject }));
  using lab = new ScreenLab(repl({ get: d }, { prompt: '>>> ', continuation: '... ' }), size);
  await lab.settle();
  for (const { op, args = [], in: keys } of steps) {
    if (op === 'terminalSize') await lab.resize(Number(args[0]), Number(args[1]));
    if (op === 'deferred.callback') settle?.resolve(42);
    if (op === 'deferred.errback') settle?.reject('bad');
    await lab.type(inJavaScript(bytes(keys).toString()).replace(/^d\r/, 'get()\r'));
  }
  return seen(lab.emulator, lab.wire.disconnecting);
}

const cases = loadCases<Case>('manhole.json');
/** What is written above the line while it is typed is `print` of the line editor: drawing.test.ts. */
const sessions = cases.filter(({ steps }) => steps && !steps.some(({ op }) => op?.startsWith('addOutput')));

describe('a session shows', () => {
  test.each(sessions.map(golden => [golden.name, golden] as const))('%s', async (name, golden) =>
    judge(name, { twisted: twisted(golden), ours: await ours(golden) }, manholeDifferences),
  );
});

test('so many match, and in so many we differ', () => {
  const differ = sessions.filter(({ name }) => isDifferent(manholeDifferences, name)).length;
  expect({ match: sessions.length - differ, differ }).toEqual({ match: 13, differ: 13 });
});

const colourings = cases.filter(({ out }) => out !== undefined);

test.each(colourings.map(({ name }) => name))('%s: ours are colours of the same text too', name => {
  const source = /^lastColorizedLine\((['"])(.*)\1\)$/.exec(name)?.[2] ?? '';
  const spans = highlight(source);
  expect(source).not.toBe('');
  expect(spans.map(({ text }) => text).join('')).toBe(source);
});
