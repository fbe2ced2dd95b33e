/**
 * How long the same keys may be in use: by bytes, by packets and by time.
 *
 * By the first limit that is reached we ask for new keys. A peer that lets us ask and goes on under the old ones is cut
 * before its packet counter can come round, and one that does not finish an exchange is not waited for longer than a
 * limit: nothing else may be sent meanwhile. Who asks, and when, is packet-link.ts's business. RFC 4253 §7.1, §9; RFC 4344 §3.1.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

export interface KeyLimits {
  /** Bytes either way, together. @default 1 GiB (RFC 4253 §9) */
  readonly rekeyBytes?: number;
  /** Milliseconds, at most 2^31 - 1; 0 means no limit. @default 1 hour (RFC 4253 §9) */
  readonly rekeyTime?: number;
  /** Packets one way. Twice as many are never taken under one key. @default 2^31 (RFC 4344 §3.1) */
  readonly rekeyPackets?: number;
  /**
   * Milliseconds, at most 2^31 - 1, that an exchange after the first may take, whoever began it; 0 means for ever.
   * @default 2 minutes, sshd's LoginGraceTime, in which it wants the first exchange and a login; it has no limit of its
   * own for later ones
   */
  readonly rekeyTimeout?: number;
}

export const keyLimitDefaults: Required<KeyLimits> = Object.freeze({
  rekeyBytes: 1024 ** 3,
  rekeyTime: 60 * 60 * 1000,
  rekeyPackets: 2 ** 31,
  rekeyTimeout: 2 * 60 * 1000,
});

/** Whose keys they are. */
export interface KeyOwner {
  /** A limit is reached: ask for new keys. Called for every packet after that, too. */
  rekey(): void;
  /** An exchange takes too long. */
  exchangeLate(error: RemoteProtocolError): void;
}

export class KeyAge {
  readonly #limits: Required<KeyLimits>;
  readonly #owner: KeyOwner;
  #bytes = 0;
  #sent = 0;
  #received = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: Required<KeyLimits>, owner: KeyOwner) {
    this.#limits = limits;
    this.#owner = owner;
  }

  /** New keys are in use. */
  renewed(): void {
    this.#bytes = 0;
    this.#sent = 0;
    this.#received = 0;
    this.#after(this.#limits.rekeyTime, () => this.#owner.rekey());
  }

  /** An exchange of new keys has begun. */
  exchanging(): void {
    const { rekeyTimeout } = this.#limits;
    this.#after(rekeyTimeout, () => this.#owner.exchangeLate(tooLong(rekeyTimeout)));
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

  #after(milliseconds: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (milliseconds > 0) this.#timer = setTimeout(then, milliseconds).unref();
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const { rekeyBytes, rekeyPackets } = this.#limits;
    if (this.#bytes >= rekeyBytes || Math.max(this.#sent, this.#received) >= rekeyPackets) this.#owner.rekey();
  }
}

const tooLong = (milliseconds: number): RemoteProtocolError =>
  new RemoteProtocolError('RFC 4253 §9', `a key exchange that was not over after ${milliseconds} ms`);
