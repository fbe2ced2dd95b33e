/** What is left when many programs have come and gone: nothing. */
import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { IProcessProtocol } from '../../../transport/contracts.ts';
import { spawnPipes } from '../../../transport/process/pipes.ts';
import type { Program } from '../../../transport/process/program.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { openDescriptors, printing, program, untilGone } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { turns } from '../../support/turns.ts';

type Start = (what: Program, protocol: IProcessProtocol) => unknown;

const ways: Array<[name: string, start: Start]> = [
  ['pipes', spawnPipes],
  ['ptys', (what, protocol) => spawnPty(what, quiet, protocol)],
];

/** Every way that a program can end. */
const ends: Array<(recorder: ProcessRecorder) => void> = [
  () => undefined,
  ({ process }) => process.loseConnection(),
  ({ process }) => process.abortConnection(),
  ({ process }) => process.signalProcess('KILL'),
];

test.each(ways)('100 programs on %s leave no process, descriptor, thread or timer behind', async (_name, start) => {
  await endOf(start, 0); // what is loaded once is loaded now
  const before = traces();
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => endOf(start, round * 10 + index)));
  }
  const after = await tracesOnceBack(before);
  expect(after.descriptors.filter(descriptor => !before.descriptors.includes(descriptor))).toEqual([]);
  // Fewer is no leak: what the first program left behind, and Jest's own timers, may end after they were counted.
  expect(after.threads).toBeLessThanOrEqual(before.threads);
  expect(after.timers).toBeLessThanOrEqual(before.timers);
});

async function endOf(start: Start, index: number): Promise<void> {
  const recorder = new ProcessRecorder();
  const end = ends[index % ends.length]!;
  start(index % ends.length === 0 ? printing(1_000) : program('/bin/cat'), recorder);
  const { pid } = recorder.process;
  end(recorder);
  await recorder.untilEnded();
  await untilGone(pid!);
}

/** The last thread of a pty ends a moment after it has told of the exit. */
async function tracesOnceBack(before: Traces): Promise<Traces> {
  const isBack = ({ threads, timers }: Traces): boolean => threads <= before.threads && timers <= before.timers;
  for (let turn = 0; turn < 2_000 && !isBack(traces()); turn += 1) await turns(1);
  return traces();
}

interface Traces {
  readonly descriptors: number[];
  readonly threads: number;
  readonly timers: number;
}

function traces(): Traces {
  const timers = process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
  return { descriptors: openDescriptors(), threads: readdirSync('/proc/self/task').length, timers };
}
