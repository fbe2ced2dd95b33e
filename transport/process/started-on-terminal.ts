/** What starting a program on a terminal takes and comes to, whoever starts it. */
import type { TerminalSize } from '../contracts.ts';
import type { RunningProgram } from './running-program.ts';
import type { Program } from './program.ts';
import type { PtyMaster } from './pty-master.ts';
import type { TerminalModes } from './terminal-modes.ts';

/** The terminal of a pty request (RFC 4254 §6.2). */
export interface Terminal {
  /** Becomes TERM, unless empty. */
  readonly term: string;
  readonly size: TerminalSize;
  /** Applied before the program starts; what they do not name is as the kernel makes it, with IUTF8 on. */
  readonly modes: TerminalModes;
  /** Name of a variable that tells the program the terminal's path, e.g. `SSH_TTY`. @default none */
  readonly ttyVariable?: string;
}

export interface StartedOnTerminal {
  readonly pid: number;
  readonly master: PtyMaster;
  /** Whether the launcher still has to give the terminal its modes: its sign, READY, comes before anything else. */
  readonly isLaunched: boolean;
  readonly onExit: RunningProgram['onExit'];
}

/** Start a program that has been checked, with the terminal's TERM in its environment. Throws SpawnError. */
export type StartOnTerminal = (program: Program, terminal: Terminal) => StartedOnTerminal;

/** The same for one whose places nobody has looked at yet, while the event loop goes on. Rejects with SpawnError. */
export type StartOnTerminalAside = (program: Program, terminal: Terminal) => Promise<StartedOnTerminal>;
