/** What starting a program comes to, before anybody listens to it: process-transport.ts gives it to a protocol. */
import type { ExitStatus } from '../close-reason.ts';
import type { TerminalSize } from '../contracts.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ChildDescriptors } from './child-descriptors.ts';
import type { ProgramLeader } from './leader.ts';

export interface ProgramStreamParts {
  /** Standard input and output, or the terminal. */
  readonly main: Endpoint;
  /** Standard error, where it is apart. */
  readonly error?: Endpoint;
  /** Descriptors from 3 up. */
  readonly descriptors: ChildDescriptors;
  /** Stop the program's standard output: a pipe is closed, a terminal is read no more. */
  closeOutput(): void;
}

export interface ProcessParts extends ProgramStreamParts {
  readonly leader: ProgramLeader;
  resize(size: TerminalSize): void;
  /** Tell whoever holds more of the program's input than these streams do. @default nobody does */
  readonly tell?: (end: 'hang-up' | 'abort') => void;
}

export interface RunningProgram {
  readonly parts: ProcessParts;
  /** Whom to call, once, when the program has been reaped: never before the turn in which it was started is over. */
  readonly onExit: (listener: (status: ExitStatus) => void) => void;
  /** Whom to call, once, when input has been written in vain. Absent on a pty. */
  readonly onInputLost?: (listener: () => void) => void;
}
