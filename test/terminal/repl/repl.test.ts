/** A JavaScript prompt: what is typed, and what a person sees. */
import { describe, expect, test } from '@jest/globals';
import { repl, type ReplOptions } from '../../../terminal/repl/repl.ts';
import type { ReplContext } from '../../../terminal/repl/evaluator.ts';
import { highlight, isWhole } from '../../../terminal/repl/source.ts';
import { ScreenLab } from '../line/screen-lab.ts';

async function begun(context: ReplContext = {}, options: ReplOptions = {}): Promise<ScreenLab> {
  const lab = new ScreenLab(repl(context, options), { columns: 50, rows: 16 });
  await lab.settle();
  return lab;
}

// keys · the screen · why
const facts: ReadonlyArray<readonly [keys: string, screen: readonly string[], why: string]> = [
  ['1 + 1\r', ['> 1 + 1', '2', '> ▏'], 'an expression'],
  ['undefined\r', ['> undefined', '> ▏'], 'nothing is shown of undefined'],
  ['\r', ['>', '> ▏'], 'an empty line does nothing'],
  ['"a"\r', ['> "a"', "'a'", '> ▏'], 'text is shown as text'],
  ['({a:1})\r', ['> ({a:1})', '{ a: 1 }', '> ▏'], 'an object'],
  ['{a:1}\r', ['> {a:1}', '{ a: 1 }', '> ▏'], 'braces first are an object where they can be'],
  ['{let b=1; b}\r', ['> {let b=1; b}', '1', '> ▏'], 'and a block where not'],
  ['let x = 2\rx * 2\r', ['> let x = 2', '> x * 2', '4', '> ▏'], 'what is declared stays'],
  ['5\r_ + 1\r', ['> 5', '5', '> _ + 1', '6', '> ▏'], '_ is the last value'],
  ['1 +\r', ['> 1 +', '… ▏'], 'what is not whole goes on'],
  ['1 +\r2\r', ['> 1 +', '… 2', '3', '> ▏'], 'until it is'],
  [
    'function f() {\rreturn 3 }\rf()\r',
    ['> function f() {', '… return 3 }', '> f()', '3', '> ▏'],
    'a function of two lines',
  ],
  ['`a\rb`\r', ['> `a', '… b`', "'a\\nb'", '> ▏'], 'a template of two lines'],
  ['1 +\r\r\r', ['> 1 +', '…', 'Uncaught SyntaxError: Unexpected end of input', '>', '> ▏'], 'an empty line ends it'],
  [
    'throw new Error("no")\r',
    ['> throw new Error("no")', 'Uncaught Error: no', '    at repl:1:7', '> ▏'],
    'an error, without frames of ours',
  ],
  ['throw 7\r', ['> throw 7', 'Uncaught 7', '> ▏'], 'anything can be thrown'],
  ['x\r', ['> x', 'Uncaught ReferenceError: x is not defined', '    at repl:1:1', '> ▏'], 'a name that there is not'],
  ['await 3\r', ['> await 3', '3', '> ▏'], 'await outside of functions'],
  [
    'const y = await 4, {z} = {z: 5}\ry + z\r',
    ['> const y = await 4, {z} = {z: 5}', '> y + z', '9', '> ▏'],
    'what it declares stays',
  ],
  [
    'await 1; async function g() { return 8 }\rawait g()\r',
    ['> await 1; async function g() { return 8 }', '> await g()', '8', '> ▏'],
    'functions too',
  ],
  ['await Promise.reject(9)\r', ['> await Promise.reject(9)', 'Uncaught 9', '> ▏'], 'a promise that fails'],
  ['console.log("hi", 1)\r', ['> console.log("hi", 1)', 'hi 1', '> ▏'], 'console writes here'],
  ['abc\x03', ['> abc^C', '> ▏'], 'control+C drops the line'],
  ['if (1) {\rx\x03', ['> if (1) {', '… x^C', '> ▏'], 'and all of its lines'],
  ['({get a() { throw 1 }})\r', ['> ({get a() { throw 1 }})', '{ a: [Getter] }', '> ▏'], 'getters are not run'],
  ['Math.ab\t\r', ['> Math.abs', '[Function: abs]', '> ▏'], 'completion of a property'],
  [
    'let q = {long: 1}; globalThis.qq = {inner: {deep: 2}}\rqq.in\t.de\t\r',
    [
      '> let q = {long: 1}; globalThis.qq = {inner: {deep',
      ': 2}}',
      '{ inner: { deep: 2 } }',
      '> qq.inner.deep',
      '2',
      '> ▏',
    ],
    'of properties of properties',
  ],
];

describe('the screen', () => {
  test.each(facts)('after %j is %j: %s', async (keys, screen) => {
    const lab = await begun();
    await lab.type(keys);
    expect(lab.screen()).toEqual(screen);
  });
});

describe('a prompt', () => {
  test('sees its context, and each has its own names', async () => {
    const shared = { count: 1 };
    const [one, two] = [await begun({ shared }), await begun({ shared })];
    await one.type('shared.count += 1; var mine = 1\r');
    await two.type('[shared.count, typeof mine]\r');
    expect(two.screen()).toEqual(['> [shared.count, typeof mine]', "[ 2, 'undefined' ]", '> ▏']);
  });

  test('shows values in colours, and what is typed', async () => {
    const lab = await begun();
    await lab.type('1 + 1\r');
    expect(lab.emulator.cell(0, 1).style).toEqual({ foreground: 3 });
    expect(lab.emulator.cell(2, 0).style).toEqual({ foreground: 3 });
  });

  test('tells above the line what becomes of a promise, and the line stays', async () => {
    const resolvers: Array<(value: unknown) => void> = [];
    const lab = await begun({ later: () => new Promise(resolve => resolvers.push(resolve)) });
    await lab.type('later()\r');
    await lab.type('typ\x02');
    resolvers[0]?.(42);
    await lab.settle();
    await lab.type('X');
    expect(lab.screen()).toEqual(['> later()', 'Promise #1 { <pending> }', 'Promise #1: 42', '> tyX▏p']);
  });

  test('a promise that fails later is told too', async () => {
    const lab = await begun({
      failing: () => new Promise((_, reject) => setImmediate(() => reject(new Error('late')))),
    });
    await lab.type('failing()\r');
    await lab.settle();
    expect(lab.screen().join()).toContain('Promise #1 rejected: Error: late');
  });

  test('control+C gives it back while a line awaits', async () => {
    const lab = await begun({ never: new Promise(() => undefined) });
    await lab.type('await never\r');
    expect(lab.screen()).toEqual(['> await never', '▏']);
    await lab.type('\x03');
    await lab.type('1\r');
    expect(lab.screen()).toEqual(['> await never', 'interrupted', '> 1', '1', '> ▏']);
  });

  test('control+C that comes with Enter gives it back, too', async () => {
    const lab = await begun({ never: new Promise(() => undefined) });
    await lab.type('await never\r\x03');
    expect(lab.screen()).toEqual(['> await never', 'interrupted', '> ▏']);
    await lab.type('1\r');
    expect(lab.screen()).toEqual(['> await never', 'interrupted', '> 1', '1', '> ▏']);
  });

  test('control+C that comes twice is not for the next line', async () => {
    const lab = await begun();
    await lab.type('x\x03\x03');
    await lab.type('1 + 1\r');
    expect(lab.screen()).toEqual(['> x^C', '> 1 + 1', '2', '> ▏']);
  });

  test('a line that does not end is stopped', async () => {
    const lab = await begun({}, { timeout: 20 });
    await lab.type('for (;;);\r');
    expect(lab.screen()[1]).toBe('Uncaught Error: Script execution timed out after 2');
  });

  test('control+D ends it, and closes the terminal', async () => {
    const lab = await begun({}, { banner: 'hello' });
    await lab.type('\x04');
    expect({ screen: lab.screen(), closed: lab.wire.disconnecting }).toEqual({
      screen: ['hello', '>', '▏'],
      closed: true,
    });
  });

  test('options that there are not are refused', () => {
    expect(() => repl({}, { promt: '' } as ReplOptions)).toThrow('promt: there is no such option');
    expect(() => repl({}, { timeout: 0 })).toThrow('timeout');
  });
});

describe('source', () => {
  const whole: ReadonlyArray<readonly [text: string, isWhole: boolean]> = [
    ['1', true],
    ['if (x) {', false],
    ['f(', false],
    ['`', false],
    ['/* ', false],
    ["'a", true],
    ['1 +* 2', true],
    [')', true],
    ['await x', true],
    ['for await (const a of b) {', false],
  ];
  test.each(whole)('%j is whole, or wrong for good: %s', (text, expected) => expect(isWhole(text)).toBe(expected));

  test('colours leave the text as it is, also where it is unfinished', () => {
    for (const text of ['let a = "b" + 1 // c', '`a${1}', "'", 'a\n  b', '']) {
      expect(
        highlight(text)
          .map(span => span.text)
          .join(''),
      ).toBe(text);
    }
  });
});
