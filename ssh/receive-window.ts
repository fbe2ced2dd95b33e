/**
 * The window that we grant: how much the peer may still send on a channel, and when it is granted more. RFC 4254 §5.2.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

export class ReceiveWindow {
  readonly #size: number;
  readonly #maxPacket: number;
  #left: number;
  /** Received, and not yet dealt with by the protocol. */
  #undelivered = 0;
  /** Dealt with, and not yet granted again. */
  #ungranted = 0;

  /** Both in bytes: what may be sent before more is granted, and in how large pieces. */
  constructor(size: number, maxPacket: number) {
    this.#size = size;
    this.#maxPacket = maxPacket;
    this.#left = size;
  }

  /** Throws RemoteProtocolError for more than was granted. */
  received(bytes: number): void {
    if (bytes > this.#maxPacket) throw new RemoteProtocolError('RFC 4254 §5.2', `${bytes} bytes in one message`);
    if (bytes > this.#left) {
      throw new RemoteProtocolError('RFC 4254 §5.2', `${bytes - this.#left} bytes more than the window allows`);
    }
    this.#left -= bytes;
    this.#undelivered += bytes;
  }

  /** The protocol has dealt with so many bytes, at most those that came. */
  delivered(bytes: number): void {
    const credit = Math.min(bytes, this.#undelivered);
    this.#undelivered -= credit;
    this.#ungranted += credit;
  }

  /** Whether there is enough to grant: it is done in steps of half a window. */
  get isDue(): boolean {
    return this.#ungranted >= this.#size / 2;
  }

  /** Grant all that was dealt with. Answers how much that is, for WINDOW_ADJUST. */
  grant(): number {
    const bytes = this.#ungranted;
    this.#left += bytes;
    this.#ungranted = 0;
    return bytes;
  }
}
