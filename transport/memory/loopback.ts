/**
 * Two transports joined in memory: what one writes, the other's protocol receives on a later turn of the event loop.
 *
 * It keeps every promise of contracts.ts, back-pressure included: a paused reader leaves the bytes with the writer. It
 * refuses to deliver inside a `write`, unlike a pair of streams piped by hand. After Twisted's loopbackAsync.
 */
import type { Address } from '../address.ts';
import { done } from '../close-reason.ts';
import type { IProtocol, QueueLimits } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';

/** Where each end says it is. */
const nearAddress: Address = Object.freeze({ kind: 'memory', name: 'loopback near end' });
const farAddress: Address = Object.freeze({ kind: 'memory', name: 'loopback far end' });

export interface LoopbackOptions extends QueueLimits {
  /** One `dataReceived` for each write, or one for all that was written in a turn. @default 'identity' (Twisted) */
  readonly delivery?: 'identity' | 'collapsing';
}

/**
 * Join `near` and `far` and give each its transport, near first; an end without a protocol waits for one. `options`
 * hold for both directions.
 * A close here ends the other end with `done` behind all that was written; an abort ends it with `lost`.
 */
export function loopback(
  near?: IProtocol,
  far?: IProtocol,
  options: LoopbackOptions = {},
): readonly [near: Endpoint, far: Endpoint] {
  return join(near, far, options, setImmediate);
}

/** Runs a delivery later: on the next turn, or when somebody pumps. */
export type Schedule = (deliver: () => void) => void;

/** `loopback`, with deliveries when `schedule` says. */
export function join(
  near: IProtocol | undefined,
  far: IProtocol | undefined,
  { delivery = 'identity', ...limits }: LoopbackOptions,
  schedule: Schedule,
): readonly [near: Endpoint, far: Endpoint] {
  const collapse = delivery === 'collapsing';
  const outward = new LoopbackMedium(schedule, collapse);
  const homeward = new LoopbackMedium(schedule, collapse);
  const nearEnd = new Endpoint(outward, { host: nearAddress, peer: farAddress }, limits);
  const farEnd = new Endpoint(homeward, { host: farAddress, peer: nearAddress }, limits);
  outward.join(homeward, farEnd);
  homeward.join(outward, nearEnd);
  if (near) nearEnd.start(near);
  if (far) farEnd.start(far);
  return [nearEnd, farEnd];
}

/** One end's side: carries that end's bytes to the other endpoint, and knows whether its own end is reading. */
class LoopbackMedium implements Medium {
  readonly #schedule: Schedule;
  readonly #collapse: boolean;
  /** Whether this end takes what the other sends. */
  reading = false;
  #otherMedium: LoopbackMedium | undefined;
  #other: Endpoint | undefined;
  #scheduled = false;
  /** On their way, and what happens once they are through. */
  #chunks: Uint8Array[] = [];
  #then: ((other: Endpoint) => void) | undefined;

  constructor(schedule: Schedule, collapse: boolean) {
    this.#schedule = schedule;
    this.#collapse = collapse;
  }

  join(medium: LoopbackMedium, endpoint: Endpoint): void {
    this.#otherMedium = medium;
    this.#other = endpoint;
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#carry(this.#collapse ? [Buffer.concat(chunks)] : [...chunks], taken);
  }

  sendEof(sent: () => void): void {
    this.#carry([], other => {
      other.receivedEof();
      sent();
    });
  }

  startReading(): void {
    this.reading = true;
    this.#otherMedium?.wake();
  }

  stopReading(): void {
    this.reading = false;
  }

  close(): void {
    this.startReading();
    this.#carry([], other => other.receivedClose(done));
  }

  destroy(): void {
    this.startReading();
    const error = new Error('the other end of the loopback was dropped');
    this.#carry([], other => other.ended({ kind: 'lost', error }));
  }

  #carry(chunks: Uint8Array[], then: (other: Endpoint) => void): void {
    this.#chunks = chunks;
    this.#then = then;
    this.wake();
  }

  /** Deliver on a later turn, if there is something to deliver. */
  wake(): void {
    if (this.#scheduled || !this.#then) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      if (this.#other) this.#deliver(this.#other);
    });
  }

  /** Give the other end what it takes; a protocol may pause, or drop either end, at any byte. */
  #deliver(other: Endpoint): void {
    while (this.#otherMedium?.reading) {
      const data = this.#chunks.shift();
      if (!data) break;
      other.received(data);
    }
    if (this.#chunks.length > 0) return;
    const then = this.#then;
    this.#then = undefined;
    then?.(other);
  }
}
