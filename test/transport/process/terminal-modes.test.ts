/** Terminal modes become words of a table, and the machine's own stty takes each of them. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sttyArguments } from '../../../transport/process/terminal-modes.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { program } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';

const base = sttyArguments(new Map());
const wordsOf = (...modes: Array<[number, number]>): readonly string[] =>
  sttyArguments(new Map(modes)).slice(base.length);

// opcode, value, words, where that is written
const facts: Array<[opcode: number, value: number, words: string[], source: string]> = [
  [1, 3, ['intr', '0x03'], 'RFC 4254 §8: VINTR; as a number, because stty takes a single character literally'],
  [2, 0x31, ['quit', '0x31'], 'the character 1 is not the number 1'],
  [3, 0, ['erase', '0x00'], 'NUL is Linux’s own "off"'],
  [5, 255, ['eof', 'undef'], 'RFC 4254 §8: 255 is off'],
  [1, 256, [], 'no character'],
  [11, 25, [], 'VDSUSP: not on Linux'],
  [15, 15, [], 'VFLUSH: not on Linux'],
  [17, 20, [], 'VSTATUS: not on Linux'],
  [42, 1, ['iutf8'], 'RFC 8160'],
  [42, 0, ['-iutf8'], 'RFC 8160'],
  [53, 7, ['echo'], 'any value but 0 is on'],
  [62, 1, [], 'PENDIN is no setting'],
  [90, 1, [], 'CS7: fixed by the pty driver'],
  [91, 1, [], 'CS8: fixed by the pty driver'],
  [92, 1, [], 'PARENB: fixed by the pty driver'],
  [128, 9_600, ['9600'], 'Linux has one speed for both directions'],
  [129, 115_200, ['115200'], 'Linux has one speed for both directions'],
  [129, 0, [], 'B0 hangs up'],
  [129, 12_345, [], 'no speed of termios(3)'],
  [0, 1, [], 'TTY_OP_END is no mode'],
  [159, 1, [], 'unknown'],
];
test.each(facts)('opcode %d with value %d is %p (%s)', (opcode, value, words) => {
  expect(wordsOf([opcode, value])).toEqual(words);
});

test('whatever a client sends, only words of the table and plain numbers come out', () => {
  const modes = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 0xffffffff })));
  fc.assert(
    fc.property(modes, list => {
      for (const word of sttyArguments(new Map(list))) expect(word).toMatch(/^(-?[a-z]+[0-9]?|0x[0-9a-f]{2}|[0-9]+)$/);
    }),
  );
});

describe('stty of this machine', () => {
  const opcodes = Array.from({ length: 160 }, (_, opcode) => opcode);
  const speeds = [50, 9_600, 115_200, 4_000_000];

  test('takes everything in the table, each by itself', async () => {
    const each = opcodes.flatMap(opcode => [0, 1, 3, 255, ...speeds].map(value => wordsOf([opcode, value]).join(' ')));
    const wanted = [...new Set(each)].filter(Boolean);
    const refused = 'for words; do stty $words || printf "<%s>" $words; stty sane; done; printf 0';
    expect(await outputOf(program('/bin/sh', ['-c', refused, 'sh', ...wanted]))).toBe('0');
  });

  test.each([0, 1, 255])('takes everything at once, with every value %d', async value => {
    const all = sttyArguments(new Map(opcodes.map(opcode => [opcode, value])));
    expect(await outputOf(program('/bin/sh', ['-c', 'stty "$@" && printf 0', 'sh', ...all]))).toBe('0');
  });

  test('of two speeds the last one holds', async () => {
    const words = wordsOf([129, 9_600], [128, 38_400]);
    expect(await outputOf(program('/bin/sh', ['-c', 'stty "$@" && stty speed', 'sh', ...words]))).toMatch(/^38400\b/);
  });

  async function outputOf(what: ReturnType<typeof program>): Promise<string> {
    const recorder = new ProcessRecorder();
    spawnPty(what, quiet, recorder);
    await recorder.untilEnded();
    return recorder.text;
  }
});
