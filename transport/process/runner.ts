/**
 * Who starts programs: this process, or a process host that it has.
 *
 * A server takes either, and runs the same.
 */
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { spawnPipes } from './pipes.ts';
import type { Program } from './program.ts';
import { spawnPty } from './pty.ts';
import type { Terminal } from './started-on-terminal.ts';

export interface ProgramRunner {
  /**
   * Start a program on pipes. `makeConnection` comes before this resolves. Rejects with SpawnError for a program that
   * cannot be started, and then the protocol hears nothing.
   */
  readonly spawn: (program: Program, protocol: IProcessProtocol, limits?: QueueLimits) => Promise<IProcessTransport>;
  /** The same on a terminal of its own. */
  readonly spawnPty: (
    program: Program,
    terminal: Terminal,
    protocol: IProcessProtocol,
    limits?: QueueLimits,
  ) => Promise<IProcessTransport>;
}

/**
 * Programs as children of this process. Where native/ has been built (`hasNativePrograms`), what a process host is for,
 * starts that do not copy and descriptors that nobody inherits, they have without one. Elsewhere, each fork copies the
 * page tables of this process, as it does everywhere for programs with descriptors from 3 up.
 */
export const directPrograms: ProgramRunner = Object.freeze({
  // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown has to be a rejection
  spawn: async (...start: Parameters<typeof spawnPipes>) => spawnPipes(...start),
  // eslint-disable-next-line @typescript-eslint/require-await -- the same
  spawnPty: async (...start: Parameters<typeof spawnPty>) => spawnPty(...start),
});
