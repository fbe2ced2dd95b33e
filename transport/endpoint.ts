/**
 * The write and close semantics that every transport of ours shares, once.
 *
 * An `Endpoint` owns the queue, the producer, the pauses and the one `connectionLost`; a `Medium` under it only moves
 * bytes. A new transport is a medium of a few lines. It refuses to know what the medium is.
 * The promises are those of contracts.ts; after Twisted's FileDescriptor, except that a close waits for the producer
 * as Twisted's documentation says, not as its code does.
 */
import type { Address } from './address.ts';
import { isBorrower, type IBorrower } from './borrowed.ts';
import { aborted, done, type CloseReason } from './close-reason.ts';
import type {
  IConnection,
  IHalfCloseableProtocol,
  IProtocol,
  IPullProducer,
  IPushProducer,
  QueueLimits,
} from './contracts.ts';
import { chunksOf } from './adapters/chunks.ts';
import { asError, LocalMisuseError } from './errors.ts';
import { giveBackMemory, takeMemory } from './piece-memory.ts';
import { ProducerSlot } from './producer-slot.ts';

/** What moves the bytes. Called one send at a time, and never again after `close` or `destroy`. */
export interface Medium {
  /** Take `chunks`, in order; call `taken` when more can be taken, never before this call has returned. */
  send(chunks: readonly Uint8Array[], taken: () => void): void;
  /** What it calls taken, it has copied: nobody reads that memory any more. */
  readonly copies?: boolean;
  /** Take as much of `data` as can leave at once, nothing waiting, and answer how much; it is the caller's again then. */
  sendNow?(data: Uint8Array): number;
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

export const queueDefaults: Required<QueueLimits> = Object.freeze({
  highWaterMark: 65_536,
  lowWaterMark: 0,
  maxQueueBytes: 16 * 1024 * 1024,
});

export class Endpoint implements IConnection {
  readonly #medium: Medium;
  readonly #peer: Address;
  readonly #host: Address;
  readonly #limits: Required<QueueLimits>;
  #protocol: IProtocol | undefined;
  /** The protocol, if it borrows. */
  #borrower: IBorrower | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #endReason: CloseReason | undefined;
  #tellOver = (): void => undefined;
  readonly #over = new Promise<void>(resolve => (this.#tellOver = resolve));
  #writeSide: 'open' | 'ending' | 'sending-eof' | 'ended' = 'open';

  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  /** Who is waiting for bytes of the queue to come back. */
  #lent: Array<() => void> = [];
  #sending = false;
  #flushScheduled = false;
  readonly #flushNow = (): void => {
    this.#flushScheduled = false;
    this.#flush();
  };

  readonly #producer: ProducerSlot;

  /** Told of bytes that begin to wait here (above 0) or cease to (below 0). */
  #watch: ((bytes: number) => void) | undefined;

  #inbound: Uint8Array[] = [];
  /** What stands behind the bytes in `#inbound`: nothing yet, EOF (not told or told), or the end for a reason. */
  #inboundEnd: 'eof' | 'eof-delivered' | CloseReason | undefined;
  #readingPaused = false;
  #delivering = false;

  constructor(medium: Medium, ends: { readonly peer: Address; readonly host: Address }, limits: QueueLimits = {}) {
    this.#medium = medium;
    this.#peer = ends.peer;
    this.#host = ends.host;
    this.#limits = { ...queueDefaults, ...limits };
    this.#producer = new ProducerSlot(this.#limits, call => this.#guard(call));
  }

  /** Give the connection its protocol: `makeConnection`, and from then on what the medium receives. */
  start(protocol: IProtocol): void {
    if (this.#protocol) throw new LocalMisuseError('this transport already has a protocol');
    this.#protocol = protocol;
    if (isBorrower(protocol)) this.#borrower = protocol;
    const endedBefore = this.#endReason;
    this.#guard(() => protocol.makeConnection(this));
    if (endedBefore) this.#tellLost(protocol, endedBefore);
    else this.#scheduleDelivery();
  }

  // — what users of the transport call —

  write(data: Uint8Array): void {
    this.#enqueue(data);
  }

  /** Whether `data` is in the queue now. */
  #enqueue(data: Uint8Array): boolean {
    if (!(data instanceof Uint8Array)) throw new TypeError(`write takes a Uint8Array, got ${typeof data}`);
    if (this.#state === 'closed' || !this.#canStillSend || data.length === 0) return false;
    if (this.#queuedBytes + data.length > this.#limits.maxQueueBytes) {
      this.#finish({ kind: 'overflow', limit: this.#limits.maxQueueBytes });
      return false;
    }
    this.#queue.push(data);
    this.#queuedBytes += data.length;
    this.#watch?.(data.length);
    this.#scheduleFlush();
    this.#producer.filled(this.#queuedBytes);
    return true;
  }

  /** For a medium that has copied what it calls taken: see lender.ts. */
  protected lendBytes(data: Uint8Array, returned: () => void): void {
    if (this.#enqueue(data)) this.#lent.push(returned);
  }

  /** As `write`, but `data` is the caller's again when this returns: what cannot leave at once is copied. */
  writeBorrowed(data: Uint8Array): void {
    const isFirst = this.#state === 'open' && this.#writeSide === 'open' && !this.#sending && this.#queue.length === 0;
    const sent = isFirst ? (this.#medium.sendNow?.(data) ?? 0) : 0;
    if (sent > 0) this.#watch?.(0);
    if (sent < data.length) this.#writeCopy(data.subarray(sent));
  }

  #writeCopy(data: Uint8Array): void {
    if (!this.#medium.copies) return this.write(Buffer.from(data));
    const copy = takeMemory(data.length);
    copy.set(data);
    this.lendBytes(copy, () => giveBackMemory(copy));
  }

  writeSequence(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) this.write(chunk);
  }

  loseConnection(): void {
    if (this.#state !== 'open') return;
    if (typeof this.#inboundEnd === 'object') return this.#finish(this.#inboundEnd);
    this.#state = 'closing';
    for (const data of this.#inbound.splice(0)) this.#dealtWith(data);
    this.#medium.startReading();
    this.#scheduleFlush();
  }

  loseWriteConnection(): void {
    if (this.#state !== 'open' || this.#writeSide !== 'open') return;
    this.#writeSide = 'ending';
    this.#scheduleFlush();
  }

  abortConnection(): void {
    this.#finish(aborted);
  }

  getPeer(): Address {
    return this.#peer;
  }

  getHost(): Address {
    return this.#host;
  }

  registerProducer(producer: IPushProducer | IPullProducer, streaming: boolean): void {
    if (this.#state === 'closed' || !this.#canStillSend) return producer.stopProducing();
    this.#producer.register(producer, streaming);
    this.#producer.filled(this.#queuedBytes);
    if (!streaming) this.#scheduleFlush();
  }

  unregisterProducer(): void {
    this.#producer.unregister();
    this.#scheduleFlush();
  }

  pauseProducing(): void {
    if (this.#readingPaused || this.#state !== 'open') return;
    this.#readingPaused = true;
    this.#medium.stopReading();
  }

  resumeProducing(): void {
    if (!this.#readingPaused || this.#state !== 'open') return;
    this.#readingPaused = false;
    this.#scheduleDelivery();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  /** `loseConnection`; resolves after `connectionLost`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.loseConnection();
    return this.#over;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return chunksOf(this);
  }

  // — what the medium calls, never from inside a call that we made to it —

  /**
   * From now on tell `watch` of bytes that begin to wait in memory, in either direction (a number above 0), and of those
   * that cease to (below 0). It may be called inside any call, and must only count.
   */
  watchQueue(watch: (bytes: number) => void): void {
    this.#watch = watch;
  }

  /** Bytes waiting in memory to be sent. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Once we are closing, input is thrown away: a peer that cannot write may never come to read. */
  received(data: Uint8Array): void {
    if (this.#state === 'closing') this.#medium.delivered?.(data.length);
    if (this.#state !== 'open' || this.#inboundEnd !== undefined || data.length === 0) return;
    this.#inbound.push(data);
    this.#watch?.(data.length);
    this.#deliver();
  }

  /** As `received`, but `data` is the medium's again when this returns: who does not borrow gets a copy. */
  receivedBorrowed(data: Uint8Array): void {
    const borrower = this.#borrower;
    const isNext = this.#state === 'open' && this.#inboundEnd === undefined && this.#inbound.length === 0;
    if (!borrower || !isNext || this.#readingPaused || this.#delivering) return this.received(Buffer.from(data));
    this.#delivering = true;
    this.#watch?.(0);
    this.#guard(() => borrower.dataBorrowed(data));
    this.#medium.delivered?.(data.length);
    this.#delivering = false;
    this.#deliver();
  }

  /** The peer will send no more. */
  receivedEof(): void {
    this.#inboundEnd ??= 'eof';
    this.#deliver();
  }

  /** The connection is over, but what was received before is still delivered first. */
  receivedClose(reason: CloseReason): void {
    if (this.#state === 'closing') return this.#finish(reason);
    if (typeof this.#inboundEnd !== 'object') this.#inboundEnd = reason;
    this.#deliver();
  }

  /** The connection is over, now. */
  ended(reason: CloseReason): void {
    this.#finish(reason);
  }

  // — sending —

  get #canStillSend(): boolean {
    return this.#writeSide === 'open' || this.#writeSide === 'ending';
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(this.#flushNow);
  }

  /** Hand the queue to the medium, or, when it is empty, do what was waiting for that. */
  #flush(): void {
    if (this.#sending || this.#state === 'closed') return;
    if (this.#queue.length > 0) this.#send();
    else if (this.#producer.isTaken) this.#producer.ask();
    else if (this.#writeSide === 'sending-eof') return;
    else if (this.#state === 'closing') this.#finish(done);
    else if (this.#writeSide === 'ending') this.#sendEof();
  }

  #send(): void {
    const chunks = this.#queue;
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const lent = this.#lent;
    this.#queue = [];
    this.#lent = [];
    this.#sending = true;
    this.#medium.send(chunks, () => {
      if (this.#state === 'closed') return;
      this.#sending = false;
      this.#queuedBytes -= bytes;
      this.#watch?.(-bytes);
      for (const returned of lent) returned();
      this.#producer.drained(this.#queuedBytes);
      this.#flush();
    });
  }

  #sendEof(): void {
    this.#writeSide = 'sending-eof';
    this.#medium.sendEof(() => {
      this.#writeSide = 'ended';
      const protocol = this.#protocol;
      if (this.#state === 'open' && protocol && isHalfCloseable(protocol)) {
        this.#guard(() => protocol.writeConnectionLost());
      }
      this.#flush();
    });
  }

  // — receiving —

  #scheduleDelivery(): void {
    queueMicrotask(() => {
      this.#deliver();
      if (this.#state === 'open' && !this.#readingPaused && this.#inboundEnd === undefined) this.#medium.startReading();
    });
  }

  /** Pass on what has arrived until the protocol pauses us; then whatever stands behind it. */
  #deliver(): void {
    const protocol = this.#protocol;
    if (this.#delivering || !protocol) return;
    this.#delivering = true;
    while (this.#state === 'open' && !this.#readingPaused) {
      const data = this.#inbound.shift();
      if (!data) break;
      this.#guard(() => protocol.dataReceived(data));
      this.#dealtWith(data);
    }
    this.#delivering = false;
    if (this.#state === 'open' && !this.#readingPaused && this.#inbound.length === 0) this.#deliverEnd(protocol);
  }

  #dealtWith({ length }: Uint8Array): void {
    this.#medium.delivered?.(length);
    this.#watch?.(-length);
  }

  #deliverEnd(protocol: IProtocol): void {
    const end = this.#inboundEnd;
    if (end === 'eof') {
      this.#inboundEnd = 'eof-delivered';
      if (isHalfCloseable(protocol)) this.#guard(() => protocol.readConnectionLost());
      else this.#endBehindQueue();
    } else if (typeof end === 'object') {
      this.#finish(end);
    }
  }

  // — ending —

  /** A plain protocol has no use for half a connection, and neither has its producer. */
  #endBehindQueue(): void {
    this.#stopProducer();
    this.loseConnection();
  }

  #finish(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#endReason = reason;
    this.#watch?.(-this.#inbound.reduce((sum, { length }) => sum + length, this.#queuedBytes));
    this.#queue = [];
    this.#lent = [];
    this.#queuedBytes = 0;
    this.#inbound = [];
    if (reason.kind === 'done') this.#medium.close(reason);
    else this.#medium.destroy(reason);
    this.#stopProducer();
    if (this.#protocol) this.#tellLost(this.#protocol, reason);
    else this.#tellOver();
  }

  #stopProducer(): void {
    warnIfThrows(() => this.#producer.stop());
  }

  #tellLost(protocol: IProtocol, reason: CloseReason): void {
    queueMicrotask(() => {
      warnIfThrows(() => protocol.connectionLost(reason));
      this.#tellOver();
    });
  }

  /** Run code from above; what it throws ends this connection and goes no further. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#finish({ kind: 'protocol-error', error: asError(error) });
    }
  }
}

export function isHalfCloseable(protocol: IProtocol): protocol is IHalfCloseableProtocol {
  return 'readConnectionLost' in protocol && 'writeConnectionLost' in protocol;
}

/** At the end there is no connection left to lose, so what is thrown there becomes a process warning. */
function warnIfThrows(call: () => void): void {
  try {
    call();
  } catch (error) {
    const { stack, message } = asError(error);
    process.emitWarning(stack ?? message, 'ProtocolWarning');
  }
}
