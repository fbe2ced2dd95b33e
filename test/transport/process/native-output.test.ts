/** The pipe from a program that the addon has started: how much of what it says is heard at once. */
import { expect, test } from '@jest/globals';
import type { NativePrograms } from '../../../transport/process/native-programs.ts';
import { has } from '../../interop/missing.ts';
import { buildNativePrograms, compiler, spawnNatively } from '../../support/native-programs.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { printing } from '../../support/programs.ts';

const PAGE = 4096;

/** The sizes in which `size` bytes of output are heard, where `more` have come when it is read on. */
async function heard(size: number, more: number): Promise<number[]> {
  let left = more;
  const readNow: NativePrograms['readNow'] = (_fd, memory) => {
    const bytes = Math.min(left, memory.length);
    memory.fill(0x79, 0, bytes);
    left -= bytes;
    return bytes;
  };
  const recorder = new ProcessRecorder();
  spawnNatively(() => ({ ...buildNativePrograms(), readNow }))(printing(size), recorder);
  await recorder.untilEnded();
  expect(recorder.text).toBe('x'.repeat(size) + 'y'.repeat(recorder.received - size));
  return recorder.chunks.map(({ length }) => length);
}

if (has(compiler)) {
  test('a page is read on from until a packet is full, or there is no more', async () => {
    expect(await heard(PAGE, 20 * PAGE)).toEqual([8 * PAGE]);
    expect(await heard(PAGE, 100)).toEqual([PAGE + 100]);
  });

  test('less than a page is passed on as it is', async () => {
    expect(await heard(PAGE - 1, PAGE)).toEqual([PAGE - 1]);
  });

  test('a megabyte comes whole', async () => {
    const recorder = new ProcessRecorder();
    spawnNatively(buildNativePrograms)(printing(1_000_000), recorder);
    await recorder.untilEnded();
    expect(recorder.text === 'x'.repeat(1_000_000)).toBe(true);
  });
}
