/** Terminal modes become words of a table, the machine's own stty takes each of them, and the addon does as it does. */
import { execFileSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { Disposables } from '../../../transport/disposables.ts';
import { sttyArguments } from '../../../transport/process/terminal-modes.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { has } from '../../interop/missing.ts';
import { buildNativePrograms, compiler, spawnPtyNatively } from '../../support/native-programs.ts';
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
if (has(compiler)) {
  describe('the table of the addon', () => {
    const values = [0, 1, 3, 255, 256, 9_600];
    const opcodes = Array.from({ length: 160 }, (_, opcode) => opcode);
    const known = opcodes.filter(opcode => wordsOf([opcode, 0]).length > 0);
    const modes = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 0xffffffff })));
    const lists = [
      ...values.map(value => opcodes.map((opcode): [number, number] => [opcode, value])),
      ...known.flatMap(opcode => values.slice(0, 4).map((value): Array<[number, number]> => [[opcode, value]])),
      ...fc.sample(modes, 50).map(list => [...new Map(list)]),
    ];

    test('gives a terminal what stty gives it for the words of ours', () => {
      using terminals = new Disposables();
      const open = (list: ReadonlyArray<[number, number]>): string => {
        const result = new Int32Array(3);
        expect(buildNativePrograms().openTerminal(Int32Array.of(80, 24, 0, 0, ...list.flat()), result)).toBe(0);
        terminals.add(() => [...result.subarray(0, 2)].forEach(fd => closeSync(fd)));
        return `/dev/pts/${result[2]}`;
      };
      const compare = `while read -r one other words; do
        [ -z "$words" ] || stty $words <$other
        [ "$(stty -g <$one)" = "$(stty -g <$other)" ] || echo "$words"
      done`;
      const lines = lists.map(list => [open(list), open([]), ...wordsOf(...new Map(list))].join(' '));
      expect(execFileSync('/bin/sh', ['-c', compare], { input: `${lines.join('\n')}\n`, encoding: 'utf8' })).toBe('');
    });

    test('begins with what terminals of node-pty are given', async () => {
      const ways = [spawnPty, spawnPtyNatively(buildNativePrograms)];
      const [one, other] = await Promise.all(
        ways.map(async spawn => {
          const recorder = new ProcessRecorder();
          spawn(program('/usr/bin/stty', ['-g']), quiet, recorder);
          await recorder.untilEnded();
          return recorder.text;
        }),
      );
      expect(one).toMatch(/^[0-9a-f:]+\n$/);
      expect(other).toBe(one);
    });
  });
}
