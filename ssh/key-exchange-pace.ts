/**
 * How often a peer may ask for new keys: each exchange costs us far more than it costs the peer.
 *
 * A peer that asks again and again, with next to nothing sent under the keys and hardly any time gone by, is only
 * burning our processor, before login as well as after it. RFC 4253 §9 asks for new keys by the gigabyte or the hour.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

/** Exchanges in a row that may have been for nothing. */
const MAX_IDLE = 8;
/** An exchange was for something if so much went under the keys before it, in bytes, or so much time, in milliseconds. */
const WORTH_BYTES = 16 * 1024;
const WORTH_MS = 60_000;

const clock = (): number => performance.now();

export class KeyExchangePace {
  readonly #now: () => number;
  #idle = 0;
  #bytes = 0;
  #last: number;

  /** `now` in milliseconds, from any start. */
  constructor(now = clock) {
    this.#now = now;
    this.#last = now();
  }

  /** So much has gone either way. */
  count(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The peer asks for new keys. Throws RemoteProtocolError when it has done so too often for nothing. */
  exchange(): void {
    const now = this.#now();
    const wasForSomething = this.#bytes >= WORTH_BYTES || now - this.#last >= WORTH_MS;
    this.#idle = wasForSomething ? 0 : this.#idle + 1;
    this.#bytes = 0;
    this.#last = now;
    if (this.#idle > MAX_IDLE) throw new RemoteProtocolError('RFC 4253 §9', 'new keys again and again, for nothing');
  }
}
