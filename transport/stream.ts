/**
 * A transport over any Node `Duplex`: a socket, a TLS stream, a child's channel, a pair made by hand.
 *
 * The stream is a medium only: queue, marks and closing are the Endpoint's, so a write counts as sent when the stream's
 * write callback comes. It refuses object mode and `setEncoding` (a transport moves bytes), and it turns `allowHalfOpen`
 * on, because without it Node would end our side at the peer's EOF and lose what is still queued.
 * Source: Node 20 documentation, "stream".
 */
import type { Duplex } from 'node:stream';
import type { Address } from './address.ts';
import type { IProtocol, QueueLimits } from './contracts.ts';
import type { DirectWrites } from './direct-writes.ts';
import { Endpoint } from './endpoint.ts';
import type { Medium } from './medium.ts';
import { LocalMisuseError } from './errors.ts';
import { closeLingering } from './lingering-close.ts';
import type { SharedReads } from './shared-reads.ts';

export interface StreamOptions extends QueueLimits {
  /** What `getPeer` answers. @default a pipe named "stream" */
  readonly peer?: Address;
  /** What `getHost` answers. @default a pipe named "stream" */
  readonly host?: Address;
  /**
   * After a close in order, for how long input is still read and thrown away while the peer has not closed, in
   * milliseconds. On a socket, closing with unread input is a reset, which can destroy our last bytes. @default 2_000
   */
  readonly lingerTime?: number;
}

const unnamed: Address = Object.freeze({ kind: 'pipe', name: 'stream' });

/**
 * Give `stream` to `protocol`, or make it a connection that waits for one. The transport owns the stream from now on: nobody else may read, write or end it.
 * Throws LocalMisuseError for a stream of objects or of text.
 */
export function fromDuplex(stream: Duplex, protocol?: IProtocol, options: StreamOptions = {}): Endpoint {
  const { peer = unnamed, host = unnamed, ...rest } = options;
  const transport = new StreamTransport(stream, { ...rest, peer, host });
  if (protocol) transport.start(protocol);
  return transport;
}

export interface StreamSettings extends StreamOptions {
  readonly peer: Address;
  readonly host: Address;
  /** How to let go of the stream at once. @default destroy it */
  readonly drop?: (stream: Duplex) => void;
  /** Where the stream's bytes come from, if it has no 'data' events. */
  readonly reads?: SharedReads | undefined;
  /** How to write past the stream, if that can be. */
  readonly writes?: DirectWrites | undefined;
}

/** `fromDuplex` with nothing left open; for transports whose streams have their own way to be dropped. */
export class StreamTransport extends Endpoint {
  constructor(stream: Duplex, settings: StreamSettings) {
    refuseNonBytes(stream);
    stream.allowHalfOpen = true;
    const medium = new StreamMedium(stream, settings);
    super(medium, settings, settings);
    medium.listen(this);
  }
}

const destroy = (stream: Duplex): void => void stream.destroy();

class StreamMedium implements Medium {
  readonly #stream: Duplex;
  readonly #drop: (stream: Duplex) => void;
  readonly #lingerTime: number;
  readonly #reads: SharedReads | undefined;
  readonly #writes: DirectWrites | undefined;
  /** There once it listens. */
  #endpoint: Endpoint | undefined;

  constructor(stream: Duplex, { drop = destroy, lingerTime = 2_000, reads, writes }: StreamSettings) {
    this.#stream = stream;
    this.#drop = drop;
    this.#lingerTime = lingerTime;
    this.#reads = reads;
    this.#writes = writes;
  }

  /** From now on, tell `endpoint` what the stream does. */
  listen(endpoint: Endpoint): void {
    const stream = this.#stream.pause();
    this.#endpoint = endpoint;
    if (this.#reads) this.#reads.taker = endpoint;
    else stream.on('data', (data: Uint8Array) => endpoint.received(data));
    stream.on('end', () => endpoint.receivedEof());
    stream.on('error', error => this.#failed(error));
    stream.on('close', () => tellIfCutShort(stream, endpoint));
    if (stream.destroyed) tellIfCutShort(stream, endpoint);
  }

  /** Several are corked, so that a stream with `writev` makes one system call. */
  send(chunks: readonly Uint8Array[], taken: () => void): void {
    if (this.#stream.writableEnded) return queueMicrotask(() => this.#endedByOthers());
    const [first] = chunks;
    if (chunks.length === 1) return void this.#stream.write(first, this.#unlessFailed(taken));
    const last = chunks.length - 1;
    this.#stream.cork();
    chunks.forEach((chunk, index) => this.#stream.write(chunk, index === last ? this.#unlessFailed(taken) : undefined));
    this.#stream.uncork();
  }

  sendNow(data: Uint8Array): number {
    return this.#writes?.send(data) ?? 0;
  }

  sendQueueNow(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
    return this.#writes?.sendQueue(chunks) ?? chunks;
  }

  sendEof(sent: () => void): void {
    this.#stream.end(this.#unlessFailed(sent));
  }

  startReading(): void {
    this.#stream.resume();
  }

  stopReading(): void {
    this.#stream.pause();
  }

  close(): void {
    const destroy = (): void => void this.#stream.destroy();
    closeLingering(this.#stream, this.#lingerTime, destroy, destroy);
  }

  destroy(): void {
    this.#drop(this.#stream);
  }

  #failed(error: Error): void {
    this.#endpoint?.ended({ kind: 'lost', error });
  }

  /**
   * Somebody else has ended our direction, and what we have for it is lost. What the stream has read ahead is still
   * heard: to write would destroy it.
   */
  #endedByOthers(): void {
    const stream = this.#stream;
    if (stream.readableLength > 0) stream.read(stream.readableLength); // which is a 'data' event, too
    this.#endpoint?.receivedClose({ kind: 'lost', error: new Error('somebody else has ended the stream') });
  }

  /** A stream that somebody else ended fails our writes without an 'error' event: the callback is all we hear. */
  #unlessFailed(callback: () => void): (error?: Error | null) => void {
    return error => (error ? this.#failed(error) : callback());
  }
}

/** A stream that ended both ways destroys itself: that is not the end of the connection until somebody closes it. */
function tellIfCutShort(stream: Duplex, endpoint: Endpoint): void {
  if (stream.readableEnded && stream.writableFinished) return;
  endpoint.ended({ kind: 'lost', error: stream.errored ?? new Error('the stream was closed before its end') });
}

function refuseNonBytes(stream: Duplex): void {
  const carriesText = stream.readableEncoding !== null;
  if (stream.readableObjectMode || stream.writableObjectMode || carriesText) {
    throw new LocalMisuseError(
      'a transport moves bytes: the stream must not be in object mode or have an encoding set',
    );
  }
}
