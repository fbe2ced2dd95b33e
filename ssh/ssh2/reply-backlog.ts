/**
 * What goes out behind a full socket, counted: past a bound, its link stops reading from the peer.
 *
 * Bulk data stops when the socket is full; what still goes out are replies, and a peer may provoke no end of them.
 * Counted as sealed: a reply of one byte is a packet of fifty.
 */

/** Bytes of replies that may wait. */
const MOST_BYTES = 256 * 1024;

export class ReplyBacklog {
  #socketFull = false;
  #bytes = 0;

  get socketFull(): boolean {
    return this.#socketFull;
  }

  /** Whether nothing may be read for it. */
  get tooLong(): boolean {
    return this.#bytes > MOST_BYTES;
  }

  /** So much has been written. Answers whether the backlog has become too long by it. */
  count(bytes: number): boolean {
    if (!this.#socketFull) return false;
    const before = this.tooLong;
    this.#bytes += bytes;
    return !before && this.tooLong;
  }

  filled(): void {
    this.#socketFull = true;
  }

  /** The socket takes more. Answers whether the backlog was too long. */
  drained(): boolean {
    const before = this.tooLong;
    this.#socketFull = false;
    this.#bytes = 0;
    return before;
  }
}
