/** What V8 keeps, without what it has not collected yet: for tests that ask how much is kept. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Everything that nobody holds is gone when this returns. */
export const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of buffers, outside of the heap. What one collection lets go of is counted until the next: V8 frees it meanwhile. */
export function heldInBuffers(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

/** Bytes on the heap that somebody holds. */
export function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const STEPS = 5;

/**
 * Bytes on the heap that one more of what `make` makes holds: the median of several steps of so many, for in some of them
 * V8 keeps something for itself, such as code, or lets go of it.
 */
export async function heldByEach(count: number, make: () => unknown): Promise<number> {
  const kept: unknown[] = [];
  const steps: number[] = [];
  while (steps.length < STEPS) {
    const before = heldBytes();
    for (let made = 0; made < count; made += 1) kept.push(await make());
    await new Promise(setImmediate);
    steps.push((heldBytes() - before) / count);
  }
  kept.length = 0;
  return steps.sort((a, b) => a - b)[(STEPS - 1) / 2] ?? NaN;
}
