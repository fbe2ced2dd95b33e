/**
 * What the medium has received and the protocol has not dealt with: passed on in order until the protocol pauses, and
 * then what stands behind it.
 *
 * What an end means, and what to do with a protocol that throws, is the endpoint's to decide.
 */
import { isBorrower, type IBorrower } from './borrowed.ts';
import type { CloseReason } from './close-reason.ts';
import type { IProtocol } from './contracts.ts';
import type { Medium } from './medium.ts';
import { copyInPiece, giveBackMemory } from './piece-memory.ts';

/** Whose bytes have come. */
export interface InboundOwner {
  /** The protocol has thrown. */
  protocolFailed(error: unknown): void;
  /** Bytes begin to wait here (above 0) or cease to (below 0); some came and did not wait (0). */
  inboundWaits(bytes: number): void;
  /** All has been dealt with; behind it the peer says no more, or the connection is over. */
  inboundEnded(end: 'eof' | CloseReason): void;
}

export class InboundQueue {
  readonly #medium: Medium;
  readonly #owner: InboundOwner;
  #protocol: IProtocol | undefined;
  /** The protocol, if it borrows. */
  #borrower: IBorrower | undefined;
  #chunks: Uint8Array[] = [];
  /** Those of `#chunks` that the borrower is lent, so that their memory comes back. */
  #copies: Set<Buffer> | undefined;
  /** What stands behind `#chunks`: nothing yet, EOF (not told or told), or the end for a reason. */
  #end: 'eof' | 'eof-told' | CloseReason | undefined;
  #state: 'flowing' | 'paused' | 'dropped' = 'flowing';
  #delivering = false;

  constructor(medium: Medium, owner: InboundOwner) {
    this.#medium = medium;
    this.#owner = owner;
  }

  /** Why the connection is over, if it is: the protocol may not have come so far. */
  get closeReason(): CloseReason | undefined {
    return typeof this.#end === 'object' ? this.#end : undefined;
  }

  /** From now on `deliver` delivers to `protocol`. */
  start(protocol: IProtocol): void {
    this.#protocol = protocol;
    if (isBorrower(protocol)) this.#borrower = protocol;
  }

  received(data: Uint8Array): void {
    if (this.#end !== undefined || data.length === 0) return;
    this.#chunks.push(data);
    this.#owner.inboundWaits(data.length);
    this.deliver();
  }

  /** `data` is somebody else's when this returns: a copy waits, and who does not borrow gets one. */
  receivedBorrowed(data: Uint8Array): void {
    const borrower = this.#borrower;
    if (!borrower) return this.received(Buffer.from(data));
    if (this.#end !== undefined || data.length === 0) return;
    if (!this.#flows || this.#chunks.length > 0 || this.#delivering) return this.#receivedCopy(data);
    this.#delivering = true;
    this.#owner.inboundWaits(0);
    try {
      borrower.dataBorrowed(data);
    } catch (error) {
      this.#owner.protocolFailed(error);
    }
    this.#medium.delivered?.(data.length);
    this.#delivering = false;
    this.deliver();
  }

  receivedEof(): void {
    this.#end ??= 'eof';
    this.deliver();
  }

  receivedClose(reason: CloseReason): void {
    if (!this.closeReason) this.#end = reason;
    this.deliver();
  }

  pause(): void {
    if (this.#state !== 'flowing') return;
    this.#state = 'paused';
    this.#medium.stopReading();
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'flowing';
    this.scheduleDelivery();
  }

  scheduleDelivery(): void {
    queueMicrotask(() => {
      this.deliver();
      if (this.#flows && this.#end === undefined) this.#medium.startReading();
    });
  }

  /** Pass on what has arrived until the protocol pauses us; then whatever stands behind it. */
  deliver(): void {
    const protocol = this.#protocol;
    if (this.#delivering || !protocol) return;
    this.#delivering = true;
    while (this.#flows) {
      const data = this.#chunks.shift();
      if (!data) break;
      this.#pass(data, protocol);
    }
    this.#delivering = false;
    if (this.#flows && this.#chunks.length === 0) this.#tellEnd();
  }

  /** Take no more: what waits is dropped, and counts as dealt with. */
  close(): void {
    this.#state = 'dropped';
    this.#copies = undefined;
    for (const data of this.#chunks.splice(0)) this.#dealtWith(data);
  }

  /** The medium has ended: nothing is told of what waits. Answers how many bytes that is. */
  drop(): number {
    const bytes = this.#chunks.reduce((sum, { length }) => sum + length, 0);
    this.#state = 'dropped';
    this.#chunks = [];
    this.#copies = undefined;
    return bytes;
  }

  get #flows(): boolean {
    return this.#state === 'flowing';
  }

  #receivedCopy(data: Uint8Array): void {
    const copy = copyInPiece(data);
    (this.#copies ??= new Set()).add(copy);
    this.received(copy);
  }

  #pass(data: Uint8Array, protocol: IProtocol): void {
    try {
      if (Buffer.isBuffer(data) && this.#copies?.delete(data)) this.#lend(data);
      else protocol.dataReceived(data);
    } catch (error) {
      this.#owner.protocolFailed(error);
    }
    this.#dealtWith(data);
  }

  #lend(copy: Buffer): void {
    this.#borrower?.dataBorrowed(copy);
    giveBackMemory(copy);
  }

  #dealtWith({ length }: Uint8Array): void {
    this.#medium.delivered?.(length);
    this.#owner.inboundWaits(-length);
  }

  #tellEnd(): void {
    const end = this.#end;
    if (end === undefined || end === 'eof-told') return;
    if (end === 'eof') this.#end = 'eof-told';
    this.#owner.inboundEnded(end);
  }
}
