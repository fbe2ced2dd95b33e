/**
 * The started program as somebody who can be signalled: the leader of its own session and process group.
 *
 * Signals go to the whole group, as sshd sends them (session.c, killpg). Once the program has been reaped its number
 * may belong to a stranger, so nothing is sent any more.
 */
import { signalNumber } from './signals.ts';

/** Who leads a program's group, wherever it was started. */
export interface ProgramLeader {
  /** Process id, which is also the id of the group and of the session; null once reaped. */
  readonly pid: number | null;
  /** Send a signal to the group. False if there is no such signal, or nobody left to get it. */
  signal(signal: string | number): boolean;
  /** The program has been waited for. */
  reaped(): void;
}

/** A child of this process. */
export class Leader implements ProgramLeader {
  #pid: number | null;

  constructor(pid: number) {
    this.#pid = pid;
  }

  get pid(): number | null {
    return this.#pid;
  }

  signal(signal: string | number): boolean {
    const number = signalNumber(signal);
    if (this.#pid === null || number === undefined) return false;
    // Between fork(2) and setsid(2) a child has no group of its own yet.
    return send(-this.#pid, number) || send(this.#pid, number);
  }

  reaped(): void {
    this.#pid = null;
  }
}

function send(pid: number, signal: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
