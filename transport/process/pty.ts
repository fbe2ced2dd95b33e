/**
 * Programs on a pseudo-terminal. Two files can start them: native-pty.ts where native/ has been built, and node-pty.ts.
 *
 * Nothing that the program shows before its exit is lost, however late or paused the reader is; what grandchildren
 * show after it is not waited for (as sshd, which ends the session with its shell). From the exit on, the terminal is
 * never touched again: input is dropped, and a resize or signal does nothing.
 * `loseConnection` hands over what was written and hangs up; the kernel drops what the program has not read by then.
 * A queue that overflows, and a protocol that throws, kill the program.
 * Facts: Linux n_tty(4), pty(7); sshd session.c.
 */
import type { Address } from '../address.ts';
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import { ChildDescriptors } from './child-descriptors.ts';
import { Leader } from './leader.ts';
import { startNativelyOnTerminal, startNativelyOnTerminalAside } from './native-pty.ts';
import { startsNatively } from './native-spawn.ts';
import { startWithNodePty, startWithNodePtyAside } from './node-pty.ts';
import { attach } from './process-transport.ts';
import type { RunningProgram } from './running-program.ts';
import { checkProgram, startChecked, type Program } from './program.ts';
import type { PtyMaster } from './pty-master.ts';
import { PtyMedium } from './pty-medium.ts';
import type { StartedOnTerminal, StartOnTerminal, StartOnTerminalAside, Terminal } from './started-on-terminal.ts';

/** Start `program` on a new terminal and give it to `protocol`. Throws SpawnError, and then the protocol hears nothing. */
export const spawnPty = (
  program: Program,
  terminal: Terminal,
  protocol: IProcessProtocol,
  limits?: QueueLimits,
): IProcessTransport => attach(startPty(program, terminal, limits), protocol);

/** Start `program` and leave its terminal to the caller, who reads nothing before it starts it. Throws SpawnError. */
export const startPty = (
  program: Program,
  terminal: Terminal,
  limits: QueueLimits = {},
  start: StartOnTerminal = startsNatively(program) ? startNativelyOnTerminal : startWithNodePty,
): RunningProgram => running(start(withTerm(checkProgram(program), terminal), terminal), terminal, limits);

/** The same while the event loop goes on, as far as its files are concerned. Rejects with SpawnError. */
export async function startPtyAside(
  program: Program,
  terminal: Terminal,
  limits: QueueLimits = {},
  start: StartOnTerminalAside = startsNatively(program) ? startNativelyOnTerminalAside : startWithNodePtyAside,
): Promise<RunningProgram> {
  const started = await startChecked(program, what => start(withTerm(what, terminal), terminal));
  return running(started, terminal, limits);
}

const withTerm = (program: Program, { term }: Terminal): Program =>
  term === '' ? program : { ...program, environment: { ...program.environment, TERM: term } };

function running(
  { pid, master, isLaunched, onExit }: StartedOnTerminal,
  { modes }: Terminal,
  limits: QueueLimits,
): RunningProgram {
  const leader = new Leader(pid);
  const medium = new PtyMedium(master, leader, modes, isLaunched);
  const main = new Endpoint(medium, addresses(pid, master), limits);
  medium.deliverTo(main);
  return {
    parts: {
      leader,
      main,
      descriptors: new ChildDescriptors(),
      resize: size => master.resize(size),
      closeOutput: () => medium.closeOutput(),
    },
    onExit: listener =>
      onExit(status => {
        listener(status);
        medium.over();
        main.receivedClose({ kind: 'exited', ...status });
      }),
  };
}

function addresses(pid: number, { slavePath }: PtyMaster): { peer: Address; host: Address } {
  const peer: Address = Object.freeze({ kind: 'process', pid, tty: slavePath });
  return { peer, host: Object.freeze({ kind: 'process', pid: process.pid }) };
}
