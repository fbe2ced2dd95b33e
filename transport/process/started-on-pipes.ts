/** What starting a program on pipes comes to, whoever has started it. */
import type { Duplex } from 'node:stream';
import type { Input } from './input.ts';
import type { Output } from './output.ts';
import type { Program } from './program.ts';
import type { RunningProgram } from './running-program.ts';

export interface StartedOnPipes {
  readonly pid: number;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Ours of the descriptors from 3 up. */
  readonly sockets: ReadonlyMap<number, Duplex>;
  readonly onExit: RunningProgram['onExit'];
}

/** Start a program that has been checked. Throws SpawnError. */
export type StartOnPipes = (program: Program) => StartedOnPipes;

/** The same for one whose places nobody has looked at yet, while the event loop goes on. Rejects with SpawnError. */
export type StartOnPipesAside = (program: Program) => Promise<StartedOnPipes>;
