/**
 * What is left when many programs have come and gone: nothing, here and in a process host.
 *
 * `NACRE_MANY=1000` says how many programs of each way; a hundred by default.
 */
import { describe, test } from '@jest/globals';
import type { IProcessProtocol } from '../../../transport/contracts.ts';
import type { Program } from '../../../transport/process/program.ts';
import { directPrograms, type ProgramRunner } from '../../../transport/process/runner.ts';
import { has } from '../../interop/missing.ts';
import { buildNativePrograms, compiler, nativeRunner } from '../../support/native-programs.ts';
import { openHost } from '../../support/process-hosts.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { printing, program, untilGone } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { expectNothingLeft, traces } from '../../support/traces.ts';

const many = Number(process.env['NACRE_MANY'] ?? 100);
const deadline = 60_000 + many * 500;

type Start = (runner: ProgramRunner, what: Program, protocol: IProcessProtocol) => Promise<unknown>;

const ways: Array<[name: string, start: Start]> = [
  ['pipes', (runner, what, protocol) => runner.spawn(what, protocol)],
  ['ptys', (runner, what, protocol) => runner.spawnPty(what, quiet, protocol)],
];

/** Every way that a program can end. */
const ends: Array<(recorder: ProcessRecorder) => void> = [
  () => undefined,
  ({ process }) => process.loseConnection(),
  ({ process }) => process.abortConnection(),
  ({ process }) => process.signalProcess('KILL'),
  ({ process }) => process.hangUp(),
];

describe(`${many} programs leave no process, descriptor, thread or timer behind`, () => {
  test.each(ways)(
    'on %s in this process',
    async (_name, start) => {
      await leavesNothing(directPrograms, [process.pid], start);
    },
    deadline,
  );

  if (has(compiler)) {
    test.each(ways)(
      'on %s by the addon',
      (_name, start) => leavesNothing(nativeRunner(buildNativePrograms), [process.pid], start, starters),
      deadline,
    );
  }

  test.each(ways)(
    'on %s in a process host, nor there',
    async (_name, start) => {
      const { host } = await openHost();
      await leavesNothing(host, [process.pid, host.pid!], start, starters);
    },
    deadline,
  );
});

/** Threads that the addon may keep, once many programs have been started at once (native/starters.c). */
const starters = 32;

async function leavesNothing(runner: ProgramRunner, pids: readonly number[], start: Start, kept = 0): Promise<void> {
  await endOf(runner, start, 0); // what is loaded once is loaded now
  const before = traces(pids);
  const threadsOfLast = before.pop() ?? 0;
  before.push(threadsOfLast + kept);
  for (let round = 0; round < many / 10; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => endOf(runner, start, round * 10 + index)));
  }
  await expectNothingLeft(pids, before);
}

async function endOf(runner: ProgramRunner, start: Start, index: number): Promise<void> {
  const recorder = new ProcessRecorder();
  const end = ends[index % ends.length]!;
  await start(runner, index % ends.length === 0 ? printing(1_000) : program('/bin/cat'), recorder);
  const { pid } = recorder.process;
  end(recorder);
  await recorder.untilEnded();
  if (pid !== null) await untilGone(pid);
}
