/**
 * A pair of Web Streams as a connection: a `fetch` body, a WebTransport stream, a worker's transferred streams.
 *
 * It owns both streams: it locks them. One write is outstanding at a time, and a read is asked for only while somebody
 * wants the bytes, so the streams' own back-pressure works in both directions. Chunks that are not bytes end it.
 * Source: WHATWG Streams.
 */
import type {
  ReadableStream,
  ReadableStreamDefaultReader,
  WritableStream,
  WritableStreamDefaultWriter,
} from 'node:stream/web';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import { asError } from '../errors.ts';

export interface FromWebStreamsOptions extends QueueLimits {
  /** What `getPeer` answers. @default a pipe named "web streams" */
  readonly peer?: Address;
  /** What `getHost` answers. @default a pipe named "web streams" */
  readonly host?: Address;
}

const unnamed: Address = Object.freeze({ kind: 'pipe', name: 'web streams' });

/** Give the streams to `protocol`, or make them a connection that waits for one. TypeError if either is locked. */
export function fromWebStreams(
  streams: { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<Uint8Array> },
  protocol?: IProtocol,
  { peer = unnamed, host = unnamed, ...limits }: FromWebStreamsOptions = {},
): IConnection {
  const medium = new WebMedium(streams.readable.getReader(), streams.writable.getWriter());
  const endpoint = new Endpoint(medium, { peer, host }, limits);
  medium.listen(endpoint);
  if (protocol) endpoint.start(protocol);
  return endpoint;
}

/** Of what a stream has read ahead, when it can no longer be written to. */
const MOST_LAST_BYTES = 1024 * 1024;

class WebMedium implements Medium {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #endpoint: Endpoint | undefined;
  #wanted = false;
  #asking = false;
  #ended = false;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, writer: WritableStreamDefaultWriter<Uint8Array>) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** A readable that fails ends the connection at once; a writable that does, when something is to be written. */
  listen(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    this.#reader.closed.catch(this.#fail);
    this.#writer.closed.catch(() => undefined);
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    const written = chunks.map(chunk => this.#writer.write(chunk));
    Promise.all(written).then(taken, thrown => void this.#failWriting(thrown));
  }

  sendEof(sent: () => void): void {
    this.#ended = true;
    this.#writer.close().then(sent, thrown => void this.#failWriting(thrown));
  }

  startReading(): void {
    this.#wanted = true;
    if (!this.#asking) void this.#read();
  }

  stopReading(): void {
    this.#wanted = false;
  }

  close(): void {
    const closed = this.#ended ? this.#writer.closed : this.#writer.close();
    closed.catch(() => undefined);
    this.#reader.cancel().catch(() => undefined);
  }

  destroy(): void {
    const why = new Error('the connection was dropped');
    this.#writer.abort(why).catch(() => undefined);
    this.#reader.cancel(why).catch(() => undefined);
  }

  readonly #fail = (thrown: unknown): void => this.#endpoint?.ended({ kind: 'lost', error: asError(thrown) });

  /** Nothing more can be sent. What can be read without waiting is still heard. */
  async #failWriting(thrown: unknown): Promise<void> {
    const none = new Promise<undefined>(resolve => setImmediate(resolve, undefined));
    for (let bytes = 0; bytes < MOST_LAST_BYTES;) {
      const next = await Promise.race([this.#reader.read().catch(() => undefined), none]);
      if (!(next?.value instanceof Uint8Array)) break;
      this.#endpoint?.received(next.value);
      bytes += next.value.length;
    }
    this.#endpoint?.receivedClose({ kind: 'lost', error: asError(thrown) });
  }

  /** Ask while the bytes are wanted. The last answer may come when they no longer are: the endpoint keeps it. */
  async #read(): Promise<void> {
    this.#asking = true;
    try {
      while (this.#wanted) {
        const { done, value } = await this.#reader.read();
        if (done) return this.#endpoint?.receivedEof();
        if (!(value instanceof Uint8Array))
          throw new TypeError('a transport moves bytes: the stream gave something else');
        this.#endpoint?.received(value);
      }
    } catch (thrown) {
      this.#fail(thrown);
    } finally {
      this.#asking = false;
    }
  }
}
