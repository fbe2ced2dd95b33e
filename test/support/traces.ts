/** What processes hold, counted before and after: descriptors, threads, and this one's timers. */
import { readdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import { turns } from './turns.ts';

/** How long what is not a leak may take to end, in milliseconds: Jest's reporters have timers of 100. */
const SETTLED_WITHIN_MS = 20_000;

/** Descriptors and threads of each process, and timers of this one. */
export function traces(pids: readonly number[]): number[] {
  const timers = process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
  const of = (pid: number): number[] => ['fd', 'task'].map(what => readdirSync(`/proc/${pid}/${what}`).length);
  return [timers, ...pids.flatMap(of)];
}

/** Fails unless no more is left than there was `before`; the last thread of a pty ends a moment after it has told of the exit. */
export async function expectNothingLeft(pids: readonly number[], before: readonly number[]): Promise<void> {
  const isBack = (counts: readonly number[]): boolean => counts.every((count, index) => count <= before[index]!);
  let after = traces(pids);
  for (const begin = performance.now(); !isBack(after) && performance.now() - begin < SETTLED_WITHIN_MS;) {
    await turns(1);
    after = traces(pids);
  }
  // Fewer is no leak: what others left behind, and Jest's own timers, may end after they were counted.
  if (!isBack(after)) expect(after).toEqual(before);
}
