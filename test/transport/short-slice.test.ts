/** Who runs sooner by it, and who does not: each in a process of its own, since it cannot be undone. */
import { spawnSync } from 'node:child_process';
import { describe, expect, jest, test } from '@jest/globals';
import { takeShortSlices } from '../../transport/short-slice.ts';
import { has } from '../interop/missing.ts';
import { buildNativePrograms, builtNativePrograms, compiler } from '../support/native-programs.ts';

test('without the addon nobody is asked', () => {
  expect(takeShortSlices()).toBe(false);
});

test('it is so if the kernel says that it is', () => {
  const sliceOf = jest.fn((asked: number) => asked);
  expect(takeShortSlices({ sliceOf })).toBe(true);
  expect(takeShortSlices({ sliceOf: () => 0 })).toBe(false);
  expect(sliceOf.mock.calls).toEqual([[100_000]]);
});

if (has(compiler)) {
  /** What `text` leaves in `said`, in another process that has the addon's `sliceOf`; started by `before`. */
  const said = (text: string, before: readonly string[] = []): unknown => {
    const code = `const { sliceOf } = require(process.argv[1]); ${text}; console.log(JSON.stringify(said))`;
    const [file = '', ...args] = [...before, process.execPath, '-e', code, builtNativePrograms().file];
    const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const usual = buildNativePrograms().sliceOf(0);
  const knows = usual > 0; // Linux 6.12
  const short = knows ? 100_000 : 0;

  describe('a thread that asks for a short slice', () => {
    test('has it', () => {
      expect(said('const said = [sliceOf(0), sliceOf(100_000), sliceOf(0)]')).toEqual([usual, short, short]);
    });

    test('has none shorter than the kernel grants', () => {
      expect(said('const said = sliceOf(1)')).toBe(short);
    });

    test('keeps it from what it starts', () => {
      const child = `[process.execPath, ['-e', 'console.log(require(process.argv[1]).sliceOf(0))', process.argv[1]]]`;
      const text = `sliceOf(100_000); const said = Number(require('child_process').execFileSync(...${child}))`;
      expect(said(text)).toBe(usual);
    });

    test('keeps what somebody else has given it', () => {
      expect(said('const said = sliceOf(100_000)', ['chrt', '--batch', '0'])).toBe(usual);
    });
  });
}
