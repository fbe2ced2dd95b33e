/**
 * Who starts programs: this process, or a process host that it has.
 *
 * A server takes either, and runs the same.
 */
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { startPipesAside } from './pipes.ts';
import { attach } from './process-transport.ts';
import type { Program } from './program.ts';
import { startPtyAside } from './pty.ts';
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
 * starts that neither copy nor stop the event loop and descriptors that nobody inherits, they have without one.
 * Elsewhere, each fork copies the page tables of this process, as it does everywhere for programs with descriptors from
 * 3 up.
 */
export const directPrograms: ProgramRunner = Object.freeze({
  spawn: async (program, protocol, limits) => attach(await startPipesAside(program, limits), protocol),
  spawnPty: async (program, terminal, protocol, limits) =>
    attach(await startPtyAside(program, terminal, limits), protocol),
} satisfies ProgramRunner);
