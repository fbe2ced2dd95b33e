/**
 * What was written and waits for the medium, which takes all of it at once, one send at a time.
 *
 * Lent bytes come back when the medium has taken them, and borrowed ones leave at once or are copied. How much may wait,
 * and what is done when nothing does, is the endpoint's to decide.
 */
import type { Medium } from './medium.ts';

interface Send {
  readonly bytes: number;
  readonly lent: ReadonlyArray<() => void>;
}

/** Whose bytes wait. */
export interface OutboundOwner {
  /** The medium has taken what it was sent, and nothing was dropped before; `atOnce`: inside the call that sends. */
  sendTaken(bytes: number, atOnce: boolean): void;
}

export class OutboundQueue {
  readonly #medium: Medium;
  readonly #owner: OutboundOwner;
  #chunks: Uint8Array[] = [];
  /** Who is waiting for bytes of `#chunks` to come back. */
  #lent: Array<() => void> = [];
  #bytes = 0;
  /** What the medium has been given, and has not called taken. */
  #sent: Send | undefined;

  constructor(medium: Medium, owner: OutboundOwner) {
    this.#medium = medium;
    this.#owner = owner;
  }

  /** Bytes that the medium has not taken. */
  get bytes(): number {
    return this.#bytes;
  }

  get isSending(): boolean {
    return this.#sent !== undefined;
  }

  /** Whether there is something to send. */
  get waits(): boolean {
    return this.#chunks.length > 0;
  }

  add(data: Uint8Array): void {
    this.#chunks.push(data);
    this.#bytes += data.length;
  }

  /** What was added last is its owner's again when the medium has taken it. */
  lend(returned: () => void): void {
    this.#lent.push(returned);
  }

  /** How much of `data` has left at once: nothing, when it would overtake what waits. */
  sendNow(data: Uint8Array): number {
    return this.isSending || this.waits ? 0 : (this.#medium.sendNow?.(data) ?? 0);
  }

  /** Hand all that waits to the medium. Not while it is sending. */
  send(): void {
    const chunks = this.#chunks;
    const bytes = this.#bytes;
    this.#sent = { bytes, lent: this.#lent };
    this.#chunks = [];
    this.#lent = [];
    const rest = this.#medium.sendQueueNow?.(chunks) ?? chunks;
    if (rest.length > 0) this.#medium.send(rest, () => this.#allTaken(false));
    else this.#allTaken(true);
  }

  /** Drop everything, lent bytes too: nobody knows what the medium still does with them. Answers how much it was. */
  drop(): number {
    const bytes = this.#bytes;
    this.#chunks = [];
    this.#lent = [];
    this.#bytes = 0;
    this.#sent = undefined;
    return bytes;
  }

  #allTaken(atOnce: boolean): void {
    if (!this.#sent) return;
    const { bytes, lent } = this.#sent;
    this.#sent = undefined;
    this.#bytes -= bytes;
    for (const returned of lent) returned();
    this.#owner.sendTaken(bytes, atOnce);
  }
}
