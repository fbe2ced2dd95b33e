/**
 * A transport for tests of protocols: it keeps what is written, and the test plays the peer.
 *
 * Everything happens at once and nothing by itself: the connection ends when the test says `lose`. It refuses to hide a
 * fault: what a protocol throws comes out of `receive`. It does not pause producers. After Twisted's StringTransport.
 */
import type { Address } from '../address.ts';
import { aborted, done, type CloseReason } from '../close-reason.ts';
import type {
  IHalfCloseableProtocol,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IStreamTransport,
} from '../contracts.ts';
import { LocalMisuseError } from '../errors.ts';

export interface StringTransportOptions {
  /** @default 192.168.1.1:54321 (Twisted) */
  readonly peer?: Address;
  /** @default 10.0.0.1:12345 (Twisted) */
  readonly host?: Address;
  /** End by itself when the protocol closes or aborts, a moment later. @default false: when the test says `lose` */
  readonly disconnects?: boolean;
}

export class StringTransport implements IStreamTransport {
  readonly #peer: Address;
  readonly #host: Address;
  readonly #disconnects: boolean;
  /** What the protocol asked for. */
  #asked: 'nothing' | 'close' | 'abort' = 'nothing';
  #ended = false;
  #producerState: 'producing' | 'paused' | 'stopped' = 'producing';
  #writeEnded = false;
  #written: Uint8Array[] = [];
  #producer: IPushProducer | IPullProducer | undefined;
  #protocol: IProtocol | undefined;
  #tellOver = (): void => undefined;
  readonly #over = new Promise<void>(resolve => (this.#tellOver = resolve));

  constructor({ peer, host, disconnects = false }: StringTransportOptions = {}) {
    this.#disconnects = disconnects;
    this.#peer = peer ?? { kind: 'tcp', host: '192.168.1.1', port: 54_321 };
    this.#host = host ?? { kind: 'tcp', host: '10.0.0.1', port: 12_345 };
  }

  // — what the test looks at —

  /** All that was written since the start or the last `clear`. */
  value(): Buffer {
    return Buffer.concat(this.#written);
  }

  /** Forget what was written. */
  clear(): void {
    this.#written = [];
  }

  /** Whether the protocol asked for an end, in order or by abort. */
  get disconnecting(): boolean {
    return this.#asked !== 'nothing';
  }

  /** Whether the protocol asked for an abort. */
  get aborted(): boolean {
    return this.#asked === 'abort';
  }

  /** Whether the protocol ended its own direction. */
  get writeEnded(): boolean {
    return this.#writeEnded;
  }

  /** What the protocol asked of us as a producer. */
  get producerState(): 'producing' | 'paused' | 'stopped' {
    return this.#producerState;
  }

  /** The producer registered now. */
  get producer(): IPushProducer | IPullProducer | undefined {
    return this.#producer;
  }

  // — playing the peer —

  /** Give the connection its protocol. */
  start(protocol: IProtocol): void {
    this.#protocol = protocol;
    protocol.makeConnection(this);
  }

  /** Deliver `data`. Ignored when closing; LocalMisuseError while paused, when a real peer's bytes would not arrive. */
  receive(data: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#producerState === 'paused')
      throw new LocalMisuseError('the protocol has paused: nothing can be received');
    this.#protocol?.dataReceived(data);
  }

  /** The peer sends no more. */
  receiveEof(): void {
    if (!this.#isOpen || !this.#protocol) return;
    if (isHalfCloseable(this.#protocol)) this.#protocol.readConnectionLost();
    else this.loseConnection();
  }

  /** End the connection: the producer is stopped, the protocol told. Repeats do nothing. */
  lose(reason: CloseReason = done): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#producer?.stopProducing();
    this.#producer = undefined;
    this.#protocol?.connectionLost(reason);
    this.#tellOver();
  }

  // — what the protocol calls —

  write(data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) throw new TypeError(`write takes a Uint8Array, got ${typeof data}`);
    if (!this.#ended && this.#asked !== 'abort' && !this.#writeEnded) this.#written.push(data);
  }

  writeSequence(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) this.write(chunk);
  }

  loseConnection(): void {
    if (!this.#isOpen) return;
    this.#asked = 'close';
    this.#disconnect(done);
  }

  abortConnection(): void {
    if (this.#ended) return;
    this.#asked = 'abort';
    this.clear();
    this.#disconnect(aborted);
  }

  loseWriteConnection(): void {
    this.#writeEnded = true;
  }

  /** `loseConnection`; resolves when the test has said `lose`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.loseConnection();
    return this.#over;
  }

  getPeer(): Address {
    return this.#peer;
  }

  getHost(): Address {
    return this.#host;
  }

  registerProducer(producer: IPushProducer | IPullProducer, _streaming: boolean): void {
    if (this.#producer) throw new LocalMisuseError('a producer is already registered; unregister it first');
    if (this.#ended) producer.stopProducing();
    else this.#producer = producer;
  }

  unregisterProducer(): void {
    this.#producer = undefined;
  }

  pauseProducing(): void {
    if (this.#producerState === 'producing') this.#producerState = 'paused';
  }

  resumeProducing(): void {
    if (this.#producerState === 'paused') this.#producerState = 'producing';
  }

  stopProducing(): void {
    this.#producerState = 'stopped';
    this.loseConnection();
  }

  get #isOpen(): boolean {
    return this.#asked === 'nothing' && !this.#ended;
  }

  /** Not inside the call: no transport of ours calls back before it returns. */
  #disconnect(reason: CloseReason): void {
    if (this.#disconnects) queueMicrotask(() => this.lose(reason));
  }
}

function isHalfCloseable(protocol: IProtocol): protocol is IHalfCloseableProtocol {
  return 'readConnectionLost' in protocol && 'writeConnectionLost' in protocol;
}
