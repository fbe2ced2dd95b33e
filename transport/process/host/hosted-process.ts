/**
 * A program in the process host as its protocol sees it: the same as one that this process has started.
 *
 * Streams, pauses and the end in two steps are ProcessTransport's. Here is only what goes over the control lanes.
 */
import type { IProcessProtocol, TerminalSize } from '../../contracts.ts';
import type { ProgramLeader } from '../leader.ts';
import { ProcessTransport } from '../process-transport.ts';
import type { ProcessParts } from '../running-program.ts';
import { signalNumber } from '../signals.ts';

/** What the host can be told about one program. */
export interface Orders {
  /** False if too many signals wait already. */
  signal(this: void, number: number): boolean;
  resize(this: void, size: TerminalSize): void;
  end(this: void, how: 'close-output' | 'hang-up' | 'abort'): void;
}

type Streams = Pick<ProcessParts, 'main' | 'error' | 'descriptors'>;

export function hostedProcess(
  streams: Streams,
  pid: number,
  { signal, resize, end }: Orders,
  protocol: IProcessProtocol,
): ProcessTransport {
  const leader = new HostedLeader(pid, signal);
  const closeOutput = (): void => end('close-output');
  return new ProcessTransport({ ...streams, leader, resize, closeOutput, tell: end }, protocol);
}

/** The host sends the signals, because only who waits for a program knows that its number is still its own. */
class HostedLeader implements ProgramLeader {
  #pid: number | null;
  readonly #send: Orders['signal'];

  constructor(pid: number, send: Orders['signal']) {
    this.#pid = pid;
    this.#send = send;
  }

  get pid(): number | null {
    return this.#pid;
  }

  signal(signal: string | number): boolean {
    const number = signalNumber(signal);
    return this.#pid !== null && number !== undefined && this.#send(number);
  }

  reaped(): void {
    this.#pid = null;
  }
}
