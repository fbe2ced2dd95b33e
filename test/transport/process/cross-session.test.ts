/**
 * One session cannot read or type into another's: the attack that succeeds on node-pty as it comes fails on ours.
 *
 * The victim is a shell that waits at its prompt with a secret on the screen that nobody has read yet. The attacker is
 * a program of another session, which tries every descriptor that it was born with.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { IProcessProtocol } from '../../../transport/contracts.ts';
import type { Program } from '../../../transport/process/program.ts';
import { directPrograms, type ProgramRunner } from '../../../transport/process/runner.ts';
import { has } from '../../interop/missing.ts';
import { buildNativePrograms, compiler, nativeRunner } from '../../support/native-programs.ts';
import { openHost } from '../../support/process-hosts.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { program } from '../../support/programs.ts';
import { stockPty } from '../../support/stock-pty.ts';
import { quiet } from '../../support/terminals.ts';

/** Writes through the descriptor itself: opening its name in /proc would make a new terminal. */
const attack = program('/bin/bash', [
  '-c',
  `for path in /proc/$$/fd/*; do
     fd=\${path##*/}
     case $(readlink "$path") in *ptmx*)
       read -r -t 0.1 -u "$fd" line && echo "READ $line"
       echo 'echo INJECTED-$((40+2))' >&"$fd" && echo TYPED ;;
     esac
   done
   echo OVER`,
]);
const victim = program('/bin/sh', []);
const secret = 'SECRET-ON-THE-SCREEN';
const say = `echo ${secret}\n`;
/** Only a shell that ran what was typed into it says this. */
const injected = 'INJECTED-42';

type Start = (runner: ProgramRunner, what: Program, protocol: IProcessProtocol) => Promise<unknown>;
const attackers: Array<[where: string, start: Start]> = [
  ['on pipes', (runner, what, protocol) => runner.spawn(what, protocol)],
  ['on a terminal', (runner, what, protocol) => runner.spawnPty(what, quiet, protocol)],
];

const runners: Array<[name: string, open: () => Promise<ProgramRunner>]> = [
  ...(has(compiler)
    ? [['the addon', () => Promise.resolve(nativeRunner(buildNativePrograms))] satisfies [string, unknown]]
    : []),
  ['this process', () => Promise.resolve(directPrograms)],
  ['a process host', async () => (await openHost()).host],
];

describe.each(runners)('sessions that %s started', (_name, open) => {
  test.each(attackers)('cannot be read or typed into by a program %s', async (_where, start) => {
    const runner = await open();
    const shell = new ProcessRecorder({ makeConnection: process => process.pauseProducing() });
    await runner.spawnPty(victim, quiet, shell);
    shell.process.write(Buffer.from(say));
    const attacker = new ProcessRecorder();
    await start(runner, attack, attacker);
    await attacker.untilEnded();
    expect(attacker.text).toBe('OVER\n');
    shell.process.resumeProducing();
    shell.process.write(Buffer.from('exit\n'));
    await shell.untilEnded();
    expect(shell.text).toContain(secret);
    expect(shell.text).not.toContain(injected);
  });
});

test('a shell that node-pty itself started is typed into by a child of the same process', async () => {
  const shell = stockPty(victim);
  let shown = '';
  const run = new Promise<void>(resolve =>
    shell.onData(data => {
      shown += String(data);
      if (shown.includes(injected)) resolve();
    }),
  );
  const attacker = spawn(attack.file, attack.args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(attacker.stdout), once(attacker, 'exit'), run]);
  expect(said).toContain('TYPED');
  const exited = new Promise<void>(resolve => void shell.onExit(() => resolve()));
  shell.kill('SIGKILL');
  await exited;
});
