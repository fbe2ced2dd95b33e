/**
 * A server under test: the stock ssh2 server or ours, behind one face, so that a scenario is written once.
 *
 * A behaviour is what an application on the server does; each subject does it with its library's own means.
 */
import type { Journal } from '../support/journal.ts';
import type { KeyKind, TestKey } from '../support/ssh-keys.ts';

export interface Subject {
  readonly port: number;
  /** What the application saw, one line each. */
  readonly facts: Journal<string>;
  /** May log in as `user`. */
  readonly key: TestKey;
  /** Bytes that it has read from all its clients, where it can say. */
  readonly bytesRead?: () => number;
  /** How long to wait for what may never come, in milliseconds. */
  readonly patience: number;
}

/** For what comes, on however slow a machine, and for what is known never to come. */
export const patience = { long: 15_000, brief: 300 } as const;

export interface Behaviour {
  /** Runs in each session that is started; its result is the exit status, or the name of a signal. @default runs for ever */
  readonly program?: (io: ProgramIo) => Promise<number | string>;
  /** A session's start is looked at only after this. @default at once */
  readonly startAfter?: Promise<void>;
  /** Whether a key logs in is said only after this. @default at once */
  readonly loginAfter?: Promise<void>;
  /** @default true for the subject's key and user */
  readonly authorize?: (user: string) => boolean;
  /** @default one ed25519 key */
  readonly hostKeys?: readonly KeyKind[];
  /** For a server that can: new keys after so many bytes. */
  readonly rekeyBytes?: number;
  /** For a server that can: who has not logged in after so many milliseconds is sent away. */
  readonly loginGraceTime?: number;
}

/** A session as a program sees it. */
export interface ProgramIo {
  /** Resolves when the library will take more. */
  write(data: Uint8Array): Promise<void>;
  writeError(data: Uint8Array): Promise<void>;
  /** No more output; input goes on. */
  endOutput(): void;
  /** All input up to its end. */
  input(): Promise<Buffer>;
}

/** One defect of the stock library, and what ours does instead. */
export interface Finding<Name extends string = string> {
  /** Where it is written down. */
  readonly section: Name;
  /** What happens, in words that are true of both. */
  readonly when: string;
  readonly behaviour?: () => Behaviour;
  /** The stock server must not run in this process: it would freeze or end it. */
  readonly dangerous?: boolean;
  /** On the stock server, what the scenario waits for never comes: that is the defect, and the wait for it is brief. */
  readonly silent?: boolean;
  readonly scenario: (subject: Subject) => Promise<string>;
  readonly onStock: string;
  readonly onOurs: string;
  /** The file that makes the difference. */
  readonly where: string;
}
