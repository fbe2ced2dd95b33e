/**
 * How long the same keys may be in use: by bytes, by packets and by time.
 *
 * By the first limit that is reached we ask for new keys. A peer that lets us ask and goes on under the old ones is cut
 * before its packet counter can come round. Who asks, and when, is packet-link.ts's business. RFC 4253 §9; RFC 4344 §3.1.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

export interface KeyLimits {
  /** Bytes either way, together. @default 1 GiB (RFC 4253 §9) */
  readonly rekeyBytes?: number;
  /** Milliseconds, at most 2^31 - 1; 0 means no limit. @default 1 hour (RFC 4253 §9) */
  readonly rekeyTime?: number;
  /** Packets one way. Twice as many are never taken under one key. @default 2^31 (RFC 4344 §3.1) */
  readonly rekeyPackets?: number;
}

export const keyLimitDefaults: Required<KeyLimits> = Object.freeze({
  rekeyBytes: 1024 ** 3,
  rekeyTime: 60 * 60 * 1000,
  rekeyPackets: 2 ** 31,
});

export class KeyAge {
  readonly #limits: Required<KeyLimits>;
  readonly #due: () => void;
  #bytes = 0;
  #sent = 0;
  #received = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `due` is called when a limit is reached, and for every packet after that. */
  constructor(limits: Required<KeyLimits>, due: () => void) {
    this.#limits = limits;
    this.#due = due;
  }

  /** New keys are in use. */
  renewed(): void {
    this.#bytes = 0;
    this.#sent = 0;
    this.#received = 0;
    clearTimeout(this.#timer);
    if (this.#limits.rekeyTime > 0) this.#timer = setTimeout(this.#due, this.#limits.rekeyTime).unref();
  }

  sent(bytes: number): void {
    this.#sent += 1;
    this.#count(bytes);
  }

  /** Throws RemoteProtocolError for a packet that comes twice as late as new keys were due. */
  received(): void {
    this.#received += 1;
    if (this.#received >= 2 * this.#limits.rekeyPackets) {
      throw new RemoteProtocolError('RFC 4344 §3.1', `${this.#received} packets under the same keys`);
    }
    this.#count(0);
  }

  /** Bytes that have come: a packet may come in pieces, or many in one. */
  receivedBytes(bytes: number): void {
    this.#count(bytes);
  }

  /** The link has ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const { rekeyBytes, rekeyPackets } = this.#limits;
    if (this.#bytes >= rekeyBytes || Math.max(this.#sent, this.#received) >= rekeyPackets) this.#due();
  }
}
