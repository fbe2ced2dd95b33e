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
