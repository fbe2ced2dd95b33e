/**
 * A transport seen with other addresses, and with bytes in front that somebody has read from it already.
 *
 * Everything else is the transport's below. It refuses to deliver those bytes while its reader is paused, or once the
 * connection is being closed: the promises of contracts.ts hold for them as for all others.
 */
import type { Address } from '../address.ts';
import type { IPullProducer, IPushProducer, IStreamTransport } from '../contracts.ts';

export class ProxiedTransport implements IStreamTransport {
  readonly #below: IStreamTransport;
  readonly #ends: { readonly peer: Address; readonly host: Address };
  readonly #received: (rest: Uint8Array) => void;
  #rest: Uint8Array | undefined;
  #state: 'reading' | 'paused' | 'closing' = 'reading';
  #producer: IPushProducer | IPullProducer | undefined;

  constructor(
    below: IStreamTransport,
    ends: { readonly peer: Address; readonly host: Address },
    received: (rest: Uint8Array) => void,
  ) {
    this.#below = below;
    this.#ends = ends;
    this.#received = received;
  }

  // — from the reader of the header —

  /** Bytes that were read before there was a protocol. */
  deliver(rest: Uint8Array): void {
    if (this.#state === 'reading' && rest.length > 0) this.#received(rest);
    else if (this.#state === 'paused' && rest.length > 0) this.#rest = rest;
  }

  /** The peer's EOF, for a protocol that has no use for half a connection, nor for its producer. */
  endBehindQueue(): void {
    const producer = this.#producer;
    this.unregisterProducer();
    producer?.stopProducing();
    this.loseConnection();
  }

  over(): void {
    this.#stopReading();
    this.#producer = undefined;
  }

  // — for the protocol —

  write(data: Uint8Array): void {
    this.#below.write(data);
  }

  writeSequence(chunks: Iterable<Uint8Array>): void {
    this.#below.writeSequence(chunks);
  }

  loseConnection(): void {
    this.#stopReading();
    this.#below.loseConnection();
  }

  loseWriteConnection(): void {
    this.#below.loseWriteConnection();
  }

  abortConnection(): void {
    this.#stopReading();
    this.#below.abortConnection();
  }

  getPeer(): Address {
    return this.#ends.peer;
  }

  getHost(): Address {
    return this.#ends.host;
  }

  registerProducer(producer: IPushProducer, streaming: true): void;
  registerProducer(producer: IPullProducer, streaming: false): void;
  registerProducer(...[producer, streaming]: [IPushProducer, true] | [IPullProducer, false]): void {
    if (streaming) this.#below.registerProducer(producer, true);
    else this.#below.registerProducer(producer, false);
    this.#producer = producer;
  }

  unregisterProducer(): void {
    this.#producer = undefined;
    this.#below.unregisterProducer();
  }

  pauseProducing(): void {
    if (this.#state === 'reading') this.#state = 'paused';
    this.#below.pauseProducing();
  }

  resumeProducing(): void {
    if (this.#state === 'paused') this.#state = 'reading';
    if (this.#rest) queueMicrotask(() => this.#deliverRest());
    else this.#below.resumeProducing();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopReading();
    await this.#below[Symbol.asyncDispose]();
  }

  get #isPaused(): boolean {
    return this.#state === 'paused';
  }

  #stopReading(): void {
    this.#state = 'closing';
    this.#rest = undefined;
  }

  /** It may have been paused again by now, or closed; or pause itself when it gets these bytes. */
  #deliverRest(): void {
    const rest = this.#rest;
    if (!rest || this.#state !== 'reading') return;
    this.#rest = undefined;
    this.#received(rest);
    if (!this.#isPaused) this.#below.resumeProducing();
  }
}
