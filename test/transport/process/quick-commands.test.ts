/**
 * Quick commands beside busy event loops: every byte of every one arrives, however late anybody looks.
 *
 * `NACRE_QUICK=2000` says how many commands of each way; 40 by default.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { IProcessProtocol } from '../../../transport/contracts.ts';
import type { ProcessHost } from '../../../transport/process/host/index.ts';
import type { Program } from '../../../transport/process/program.ts';
import { directPrograms, type ProgramRunner } from '../../../transport/process/runner.ts';
import { has } from '../../interop/missing.ts';
import { buildNativePrograms, compiler, nativeRunner } from '../../support/native-programs.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { openHost } from '../../support/process-hosts.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { block, printing } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';

const many = Number(process.env['NACRE_QUICK'] ?? 40);
const deadline = 60_000 + many * 1_000;
const atOnce = 8;
const sizes = [1, 4_000, 5_000, 12_000, 16_000, 30_000, 200_000];

type Start = (runner: ProgramRunner, what: Program, protocol: IProcessProtocol) => Promise<unknown>;

const ways: Array<[name: string, start: Start]> = [
  ['pipes', (runner, what, protocol) => runner.spawn(what, protocol)],
  ['ptys', (runner, what, protocol) => runner.spawnPty(what, quiet, protocol)],
];

/** Every few milliseconds the event loop of this process stands still for longer than a quick command takes. */
let load: NodeJS.Timeout;
beforeEach(() => {
  load = setInterval(() => block(20), 5);
});
afterEach(() => clearInterval(load));

describe.each(ways)(`of ${many} quick commands on %s no byte is missing`, (_name, start) => {
  test('that this process starts', () => run(directPrograms, start), deadline);

  test(
    'that a process host starts',
    async () => {
      const { host } = await openHost();
      await run(host, start);
    },
    deadline,
  );

  test(
    'that a process host starts which is stopped again and again',
    async () => {
      const { host } = await openHost();
      const stop = setInterval(() => stopFor(host, 20), 60);
      closeAfterTest(() => clearInterval(stop));
      await run(host, start);
    },
    deadline,
  );
});

if (has(compiler)) {
  test.each(ways)(
    `of ${many} quick commands on %s that the addon starts no byte is missing`,
    (_name, start) => run(nativeRunner(buildNativePrograms), start),
    deadline,
  );
}

/** The host is not given the processor meanwhile: its programs run on, and end. */
function stopFor({ pid }: ProcessHost, milliseconds: number): void {
  if (pid === null) return;
  process.kill(pid, 'SIGSTOP');
  block(milliseconds);
  process.kill(pid, 'SIGCONT');
}

async function run(runner: ProgramRunner, start: Start): Promise<void> {
  for (let done = 0; done < many; done += atOnce) {
    await Promise.all(
      Array.from({ length: atOnce }, async (_, index) => {
        const size = sizes[(done + index) % sizes.length]!;
        const recorder = new ProcessRecorder();
        await start(runner, printing(size), recorder);
        await recorder.untilEnded();
        expect(recorder.received).toBe(size);
      }),
    );
  }
}
