/**
 * Times a transfer, and counts what it allocated.
 *
 * Allocation is what V8's sampling heap profiler saw, collected objects included, in a run of its own, because it slows
 * what it watches. It counts objects on the heap; the bytes themselves live in buffers outside of it.
 */
import { Session, type HeapProfiler } from 'node:inspector/promises';

/** Moves this many bytes from one end to the other; resolves when the last has arrived and both ends are closed. */
export type Transfer = (bytes: number) => Promise<void>;

const MiB = 1024 * 1024;

/** MiB per second. */
export async function throughput(transfer: Transfer, bytes: number): Promise<number> {
  const start = performance.now();
  await transfer(bytes);
  return bytes / MiB / ((performance.now() - start) / 1_000);
}

/** KiB allocated on the heap for each MiB moved. */
export async function allocations(transfer: Transfer, bytes: number): Promise<number> {
  using session = connectProfiler();
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 1_024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await transfer(bytes);
  const { profile } = await session.post('HeapProfiler.stopSampling');
  return sizeOf(profile.head) / 1_024 / (bytes / MiB);
}

function connectProfiler(): Session & Disposable {
  const session = new Session();
  session.connect();
  return Object.assign(session, { [Symbol.dispose]: () => session.disconnect() });
}

function sizeOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}

/** The middle one; of an even number, halfway between the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const [below = NaN, above = NaN] = [(sorted.length - 1) >> 1, sorted.length >> 1].map(index => sorted[index]);
  return (below + above) / 2;
}
