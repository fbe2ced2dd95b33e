/** What a command may touch of the world around it. One place to make it, so that tests can make another. */
import { userInfo } from 'node:os';

export interface Io {
  /** Results and logs. */
  readonly out: Output;
  /** Complaints. */
  readonly err: Output;
  /** May escape sequences go to `out`? Only if it is a terminal and the person has not said NO_COLOR. */
  readonly colors: boolean;
  /** Is `out` a terminal? */
  readonly isTerminal: boolean;
  /** Relative paths begin here. */
  readonly directory: string;
  readonly user: { readonly name: string; readonly uid: number; readonly home: string };
  /** In milliseconds, from some beginning; never goes back. */
  readonly now: () => number;
  /** Hear SIGINT and SIGTERM instead of dying of them; call the answer to stop. */
  readonly onSignal: (listener: () => void) => () => void;
}

interface Output {
  write(text: string): unknown;
}

/** The world as it is. */
export function systemIo(): Io {
  const { username: name, uid, homedir: home } = userInfo();
  const isTerminal = process.stdout.isTTY;
  return {
    out: process.stdout,
    err: process.stderr,
    isTerminal,
    colors: isTerminal && !process.env['NO_COLOR'],
    directory: process.cwd(),
    user: { name, uid, home },
    now: () => performance.now(),
    onSignal,
  };
}

const signals = ['SIGINT', 'SIGTERM'] as const;

function onSignal(listener: () => void): () => void {
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
