/**
 * The handler of an SSH host: run the client's command, or its login shell, on a terminal if it asked for one.
 */
import { basename, isAbsolute } from 'node:path';
import type { IProcessProtocol, IProcessTransport } from '../transport/contracts.ts';
import type { Program } from '../transport/process/program.ts';
import { directPrograms, type ProgramRunner } from '../transport/process/runner.ts';
import { servingAccount, type Account } from './account.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { Greeting } from './accounts/greeting.ts';
import { programEnvironment } from './environment.ts';
import { runProgram } from './session-process.ts';
import type { Handler, Session } from './session.ts';

/** A session whose program has been started. */
export interface StartedSession {
  readonly session: Session;
  readonly account: Account;
  readonly pid: number;
  /** Path of its terminal, e.g. `/dev/pts/3`; absent on pipes. */
  readonly tty?: string;
}

export interface RunProgramsOptions {
  /** What to say before a shell, and whether there are sessions at all. @default nothing, and there are */
  readonly greeting?: Greeting;
  /**
   * Called when a session's program has been started; what it answers is called when the program has ended. For records
   * such as utmp(5), which nacre does not keep: see docs/accounts.md. What it throws ends the session.
   */
  readonly onSession?: (started: StartedSession) => void | (() => void);
}

/**
 * Run every session as `account`, or as the one that `accountOf` answers, with what `programs` starts: a process host
 * (`startProcessHost`), or this process.
 * @default the account that this process runs as, and this process
 */
export const runPrograms = (
  account: Account | Accounts['accountOf'] = servingAccount(),
  programs: ProgramRunner = directPrograms,
  options: RunProgramsOptions = {},
): Handler => {
  const accountOf = typeof account === 'function' ? account : (): Account => account;
  return async session => {
    session.answerCloseAtEnd();
    await runAs(session, await accountOf(session), programs, options);
  };
};

/** sshd's status for who comes while nologin(5) exists. */
const NO_LOGINS = 254;

async function runAs(
  session: Session,
  account: Account,
  programs: ProgramRunner,
  { greeting, onSession }: RunProgramsOptions,
): Promise<void> {
  const refusal = await greeting?.refusal(account);
  if (refusal !== undefined) return session.fail(refusal, NO_LOGINS);
  session.say((await greeting?.text(session, account)) ?? '');
  const whenEnded: Array<() => void> = [];
  try {
    await runProgram(session, async protocol => {
      const process = await startProgram(session, account, programs, protocol);
      const ended = onSession?.({ session, account, ...placeOf(process) });
      if (ended) whenEnded.push(ended);
      return process;
    });
  } finally {
    for (const ended of whenEnded) ended();
  }
}

function placeOf(process: IProcessTransport): Pick<StartedSession, 'pid' | 'tty'> {
  const peer = process.getPeer();
  if (peer.kind !== 'process') return { pid: process.pid ?? 0 };
  return { pid: peer.pid, ...(peer.tty === undefined ? {} : { tty: peer.tty }) };
}

function startProgram(
  session: Session,
  account: Account,
  programs: ProgramRunner,
  protocol: IProcessProtocol,
): Promise<IProcessTransport> {
  const { home, identity, umask, prefix } = account;
  const program: Program = {
    ...invocation(session, account),
    environment: programEnvironment(session, account),
    cwd: isAbsolute(home) ? home : '/',
    fallbackCwd: '/',
    ...(identity ? { identity } : {}),
    ...(umask === undefined ? {} : { umask }),
    ...(prefix ? { prefix } : {}),
  };
  if (!session.pty) return programs.spawn(program, protocol);
  return programs.spawnPty(program, { ...session.pty, ttyVariable: 'SSH_TTY' }, protocol);
}

/** A login shell is told so by a dash before its name; a command is the shell's to parse. sshd session.c, do_child. */
function invocation({ request }: Session, { shell, command }: Account): Pick<Program, 'file' | 'args' | 'argv0'> {
  if (command) return { file: command[0], args: command.slice(1) };
  if (request?.kind !== 'exec') return { file: shell, args: [], argv0: `-${basename(shell)}` };
  return { file: shell, args: ['-c', request.command], argv0: basename(shell) };
}
