/**
 * The handler of an SSH host: run the client's command, or its login shell, on a terminal if it asked for one.
 */
import { basename } from 'node:path';
import { existsSync } from 'node:fs';
import type { IProcessProtocol, IProcessTransport } from '../transport/contracts.ts';
import type { Program } from '../transport/process/program.ts';
import { directPrograms, type ProgramRunner } from '../transport/process/runner.ts';
import { servingAccount, type Account } from './account.ts';
import { programEnvironment } from './environment.ts';
import { runProgram } from './session-process.ts';
import type { Handler, Session, SessionRequest } from './session.ts';

/**
 * Run every session as `account` with what `programs` starts: a process host (`startProcessHost`), or this process.
 * @default the account that this process runs as, and this process
 */
export const runPrograms = (account: Account = servingAccount(), programs: ProgramRunner = directPrograms): Handler => {
  return session => runProgram(session, protocol => startProgram(session, account, programs, protocol));
};

function startProgram(
  session: Session,
  account: Account,
  programs: ProgramRunner,
  protocol: IProcessProtocol,
): Promise<IProcessTransport> {
  const program: Program = {
    ...invocation(session.request ?? { kind: 'shell' }, account.shell),
    environment: programEnvironment(session, account),
    cwd: existsSync(account.home) ? account.home : '/',
  };
  if (!session.pty) return programs.spawn(program, protocol);
  return programs.spawnPty(program, { ...session.pty, ttyVariable: 'SSH_TTY' }, protocol);
}

/** A login shell is told so by a dash before its name; a command is the shell's to parse. sshd session.c, do_child. */
function invocation(request: SessionRequest, shell: string): Pick<Program, 'file' | 'args' | 'argv0'> {
  if (request.kind === 'shell') return { file: shell, args: [], argv0: `-${basename(shell)}` };
  return { file: shell, args: ['-c', request.command], argv0: basename(shell) };
}
