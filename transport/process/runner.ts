/**
 * Who starts programs: this process, or a process host that it has.
 *
 * A server takes either, and runs the same.
 */
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { spawnPipes } from './pipes.ts';
import type { Program } from './program.ts';
import { spawnPty, type Terminal } from './pty.ts';

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

/** Programs as children of this process: no further process, but each fork copies this one's page tables. */
export const directPrograms: ProgramRunner = Object.freeze({
  // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown has to be a rejection
  spawn: async (...start: Parameters<typeof spawnPipes>) => spawnPipes(...start),
  // eslint-disable-next-line @typescript-eslint/require-await -- the same
  spawnPty: async (...start: Parameters<typeof spawnPty>) => spawnPty(...start),
});
