/**
 * What an `Endpoint` stands on: the few calls by which bytes move, and no promise of contracts.ts beside their order.
 */
import type { CloseReason } from './close-reason.ts';

/** What moves the bytes. Called one send at a time, and never again after `close` or `destroy`. */
export interface Medium {
  /** Take `chunks`, in order; call `taken` when more can be taken, never before this call has returned. */
  send(chunks: readonly Uint8Array[], taken: () => void): void;
  /** What it calls taken, it has copied: nobody reads that memory any more. */
  readonly copies?: boolean;
  /** Take as much of `data` as can leave at once, nothing waiting, and answer how much; it is the caller's again then. */
  sendNow?(data: Uint8Array): number;
  /**
   * Take what of `chunks` can leave at once, and answer the rest, in order, which is then sent. What was taken is the
   * caller's again.
   */
  sendQueueNow?(chunks: readonly Uint8Array[]): readonly Uint8Array[];
  /** Send EOF behind all that was taken; call `sent` when it is out. */
  sendEof(sent: () => void): void;
  startReading(): void;
  stopReading(): void;
  /** The protocol has dealt with this many bytes, or they are dropped: a medium that grants credit gives it back now. */
  delivered?(bytes: number): void;
  /** All has been taken: close in order, letting it arrive. Input is ignored from here on. */
  close(reason: CloseReason): void;
  /** Let go of everything at once. */
  destroy(reason: CloseReason): void;
}
