/** What processes hold, counted before and after: descriptors, threads, and this one's timers. */
import { readdirSync } from 'node:fs';
import { turns } from './turns.ts';

/** Descriptors and threads of each process, and timers of this one; once they are back at `wanted`, or do not get there. */
export async function settled(pids: readonly number[], wanted?: readonly number[]): Promise<number[]> {
  const isBack = (counts: number[]): boolean => !wanted || counts.every((count, index) => count <= wanted[index]!);
  let counts = traces(pids);
  for (let turn = 0; turn < 2_000 && !isBack(counts); turn += 1) {
    await turns(1); // the last thread of a pty ends a moment after it has told of the exit
    counts = traces(pids);
  }
  return counts;
}

function traces(pids: readonly number[]): number[] {
  const timers = process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
  const of = (pid: number): number[] => ['fd', 'task'].map(what => readdirSync(`/proc/${pid}/${what}`).length);
  return [timers, ...pids.flatMap(of)];
}
