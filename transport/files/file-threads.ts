/**
 * Libuv's threads, where files that other people choose are looked at: how many of them those may hold at once.
 *
 * The process has so many in all, by default four; one of them stays for what is nobody's but ours, and for names that
 * are looked up. Workers share the threads, and each counts its own looks only: with several that look at files, more
 * may be held. Whoever reads a user's file does it here, with their home, or another directory that they all have in
 * common, as the place.
 * Facts: "UV_THREADPOOL_SIZE" in Node's CLI documentation; libuv src/threadpool.c, init_threads.
 */
import { Patience, type PatienceOptions } from '../patience.ts';

const DEFAULT_THREADS = 4;
const MOST_THREADS = 1024;

/** All but one, for so many as `size`, the variable, makes of them; and never all of those for one place, if there are more. */
export function fileThreadLimits(size: string | undefined): Omit<PatienceOptions, 'time'> {
  const most = Math.max(1, threadCount(size) - 1);
  return { most, mostOfOne: Math.max(1, Math.min(2, most - 1)) };
}

/** As atoi(3) reads it; 0 is one, and what is below is a large number without a sign. */
function threadCount(size: string | undefined): number {
  if (size === undefined) return DEFAULT_THREADS;
  const count = Number.parseInt(size, 10) || 1;
  return count < 0 ? MOST_THREADS : Math.min(count, MOST_THREADS);
}

export const fileThreads = new Patience({ ...fileThreadLimits(process.env['UV_THREADPOOL_SIZE']), time: 30_000 });
