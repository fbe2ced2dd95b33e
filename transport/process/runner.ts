/**
 * Who starts programs: this process, or a process host that it has, or each what it does best.
 *
 * A server takes either, and runs the same.
 */
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { nativePrograms } from './native-programs.ts';
import { startsNatively } from './native-start.ts';
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

/**
 * Programs as children of this process: no further process, but each fork copies this one's page tables, except for
 * programs on pipes where native/ has been built.
 */
export const directPrograms: ProgramRunner = Object.freeze({
  // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown has to be a rejection
  spawn: async (...start: Parameters<typeof spawnPipes>) => spawnPipes(...start),
  // eslint-disable-next-line @typescript-eslint/require-await -- the same
  spawnPty: async (...start: Parameters<typeof spawnPty>) => spawnPty(...start),
});

/**
 * `others`, except that this process itself starts programs on pipes where native/ has been built: what a process host
 * is for, starts that do not copy and descriptors that nobody inherits, these have without one.
 */
export function nativeOnPipes(others: ProgramRunner): ProgramRunner {
  if (!nativePrograms()) return others;
  return Object.freeze({
    spawn: (program, ...rest) => (startsNatively(program) ? directPrograms : others).spawn(program, ...rest),
    spawnPty: (...start) => others.spawnPty(...start),
  } satisfies ProgramRunner);
}
