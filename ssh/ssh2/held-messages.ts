/**
 * Messages that wait for the end of a key exchange, in order and within a bound. RFC 4253 §7.1.
 */

/** Bytes of messages that may wait. */
const MOST_BYTES = 1024 * 1024;
/** What one waiting message costs beside its own bytes, roughly: a million replies of one byte are not a megabyte. */
const MESSAGE_BYTES = 128;

export class HeldMessages {
  #messages: Uint8Array[] = [];
  #bytes = 0;

  /** Whether more waits than may. */
  get tooMany(): boolean {
    return this.#bytes > MOST_BYTES;
  }

  hold(payload: Uint8Array): void {
    this.#messages.push(payload);
    this.#bytes += payload.length + MESSAGE_BYTES;
  }

  /** All of them, which wait no longer. */
  release(): readonly Uint8Array[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    return messages;
  }
}
