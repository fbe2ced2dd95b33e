/**
 * The write and close semantics that every transport of ours shares, once.
 *
 * An `Endpoint` decides what its state allows, whom it pauses, and how it ends in one `connectionLost`; what waits in
 * either direction is kept by two queues, and a `Medium` under them only moves bytes. A new transport is a medium of a
 * few lines. It refuses to know what the medium is. The promises are those of contracts.ts; after Twisted's
 * FileDescriptor, except that a close waits for the producer as Twisted's documentation says, not as its code does.
 */
import type { Address } from './address.ts';
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
import { Deferred } from './adapters/deferred.ts';
import { asError, LocalMisuseError } from './errors.ts';
import { InboundQueue, type InboundOwner } from './inbound-queue.ts';
import type { Medium } from './medium.ts';
import { OutboundQueue, type OutboundOwner } from './outbound-queue.ts';
import { copiesInPieces, giveBackMemory } from './piece-memory.ts';
import { queueLimits } from './queue-limits.ts';
import { ProducerSlot, type Guard } from './producer-slot.ts';
import { warnOfProtocol } from './warnings.ts';

export { queueDefaults } from './queue-limits.ts';

export class Endpoint implements IConnection, InboundOwner, OutboundOwner, Guard {
  readonly #medium: Medium;
  readonly #peer: Address;
  readonly #host: Address;
  readonly #limits: Required<QueueLimits>;
  #protocol: IProtocol | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #endReason: CloseReason | undefined;
  #isOver = false;
  /** There once somebody waits for the end. */
  #over: Deferred | undefined;
  #writeSide: 'open' | 'ending' | 'sending-eof' | 'ended' = 'open';

  readonly #inbound: InboundQueue;
  readonly #outbound: OutboundQueue;
  readonly #producer: ProducerSlot;
  /** Told of bytes that begin to wait here (above 0) or cease to (below 0). */
  #watch: ((bytes: number) => void) | undefined;

  #flushScheduled = false;

  constructor(medium: Medium, ends: { readonly peer: Address; readonly host: Address }, limits: QueueLimits = {}) {
    this.#medium = medium;
    this.#peer = ends.peer;
    this.#host = ends.host;
    this.#limits = queueLimits(limits);
    this.#producer = new ProducerSlot(this.#limits, this);
    this.#outbound = new OutboundQueue(medium, this);
    this.#inbound = new InboundQueue(medium, this);
  }

  /** Give the connection its protocol: `makeConnection`, and from then on what the medium receives. */
  start(protocol: IProtocol): void {
    if (this.#protocol) throw new LocalMisuseError('this transport already has a protocol');
    this.#protocol = protocol;
    this.#inbound.start(protocol);
    const endedBefore = this.#endReason;
    this.guard(() => protocol.makeConnection(this));
    if (endedBefore) this.#tellLost(protocol, endedBefore);
    else this.#inbound.scheduleDelivery();
  }

  // — what users of the transport call —

  write(data: Uint8Array): void {
    this.#enqueue(data);
  }

  /** Whether `data` is in the queue now. */
  #enqueue(data: Uint8Array): boolean {
    if (!(data instanceof Uint8Array)) throw new TypeError(`write takes a Uint8Array, got ${typeof data}`);
    if (this.#state === 'closed' || !this.#canStillSend || data.length === 0) return false;
    if (this.queuedBytes + data.length > this.#limits.maxQueueBytes) {
      this.#finish({ kind: 'overflow', limit: this.#limits.maxQueueBytes });
      return false;
    }
    this.#outbound.add(data);
    this.#watch?.(data.length);
    this.#scheduleFlush();
    this.#producer.filled(this.queuedBytes);
    return true;
  }

  /** For a medium that has copied what it calls taken: see lender.ts. */
  protected lendBytes(data: Uint8Array, returned: () => void): void {
    if (this.#enqueue(data)) this.#outbound.lend(returned);
  }

  /** As `write`, but `data` is the caller's again when this returns: what cannot leave at once is copied. */
  writeBorrowed(data: Uint8Array): void {
    const sent = this.#state === 'open' && this.#writeSide === 'open' ? this.#outbound.sendNow(data) : 0;
    if (sent > 0) this.#watch?.(0);
    if (sent < data.length) this.#writeCopy(data.subarray(sent));
  }

  #writeCopy(data: Uint8Array): void {
    if (!this.#medium.copies) return this.write(Buffer.from(data));
    for (const copy of copiesInPieces(data)) this.lendBytes(copy, () => giveBackMemory(copy));
  }

  writeSequence(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) this.write(chunk);
  }

  loseConnection(): void {
    if (this.#state !== 'open') return;
    const { closeReason } = this.#inbound;
    if (closeReason) return this.#finish(closeReason);
    this.#state = 'closing';
    this.#inbound.close();
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
    this.#producer.filled(this.queuedBytes);
    if (!streaming) this.#scheduleFlush();
  }

  unregisterProducer(): void {
    this.#producer.unregister();
    this.#scheduleFlush();
  }

  pauseProducing(): void {
    this.#inbound.pause();
  }

  resumeProducing(): void {
    this.#inbound.resume();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  /** `loseConnection`; resolves after `connectionLost`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.loseConnection();
    if (this.#isOver) return Promise.resolve();
    this.#over ??= new Deferred();
    return this.#over.promise;
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
    return this.#outbound.bytes;
  }

  /** Once we are closing, input is thrown away: a peer that cannot write may never come to read. */
  received(data: Uint8Array): void {
    if (this.#state === 'closing') this.#medium.delivered?.(data.length);
    else if (this.#state === 'open') this.#inbound.received(data);
  }

  /** As `received`, but `data` is the medium's again when this returns: who does not borrow gets a copy. */
  receivedBorrowed(data: Uint8Array): void {
    if (this.#state === 'open') this.#inbound.receivedBorrowed(data);
    else this.received(data);
  }

  /** The peer will send no more. */
  receivedEof(): void {
    this.#inbound.receivedEof();
  }

  /** The connection is over, but what was received before is still delivered first. */
  receivedClose(reason: CloseReason): void {
    if (this.#state === 'closing') return this.#finish(reason);
    this.#inbound.receivedClose(reason);
  }

  /** The connection is over, now. */
  ended(reason: CloseReason): void {
    this.#finish(reason);
  }

  // — what its queues and its producer's slot call —

  sendTaken(bytes: number, atOnce: boolean): void {
    this.#watch?.(-bytes);
    this.#producer.drained(this.queuedBytes);
    if (atOnce && this.#outbound.waits) this.#scheduleFlush();
    else this.#flush();
  }

  inboundWaits(bytes: number): void {
    this.#watch?.(bytes);
  }

  inboundEnded(end: 'eof' | CloseReason): void {
    if (end === 'eof') this.#readEnded();
    else this.#finish(end);
  }

  protocolFailed(error: unknown): void {
    this.#finish({ kind: 'protocol-error', error: asError(error) });
  }

  /** Run code from above; what it throws ends this connection and goes no further. */
  guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.protocolFailed(error);
    }
  }

  // — sending —

  get #canStillSend(): boolean {
    return this.#writeSide === 'open' || this.#writeSide === 'ending';
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  /** Hand the queue to the medium, or, when it is empty, do what was waiting for that. */
  #flush(): void {
    if (this.#outbound.isSending || this.#state === 'closed') return;
    if (this.#outbound.waits) this.#outbound.send();
    else if (this.#producer.isTaken) this.#producer.ask();
    else if (this.#writeSide === 'sending-eof') return;
    else if (this.#state === 'closing') this.#finish(done);
    else if (this.#writeSide === 'ending') this.#sendEof();
  }

  #sendEof(): void {
    this.#writeSide = 'sending-eof';
    this.#medium.sendEof(() => {
      this.#writeSide = 'ended';
      const protocol = this.#protocol;
      if (this.#state === 'open' && protocol && isHalfCloseable(protocol)) {
        this.guard(() => protocol.writeConnectionLost());
      }
      this.#flush();
    });
  }

  // — ending —

  /** A plain protocol has no use for half a connection, and neither has its producer. */
  #readEnded(): void {
    const protocol = this.#protocol;
    if (protocol && isHalfCloseable(protocol)) return this.guard(() => protocol.readConnectionLost());
    this.#stopProducer();
    this.loseConnection();
  }

  #finish(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#endReason = reason;
    const dropped = this.#inbound.drop() + this.#outbound.drop();
    this.#watch?.(-dropped);
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

  #tellOver(): void {
    this.#isOver = true;
    this.#over?.resolve();
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
    warnOfProtocol(asError(error));
  }
}
