/**
 * A connection as a pair of Web Streams, and a pair of Web Streams as a connection.
 *
 * Closing the writable sends EOF; when both directions have ended the connection is closed. Aborting the writable
 * aborts; cancelling the readable throws away what still comes. An end that is not in order errors both streams with
 * ConnectionLostError. The readable is no byte stream: such a one would take every chunk's whole ArrayBuffer away,
 * which chunks cut from one packet share. Node's own converters (`Duplex.toWeb`, `fromWeb`) are not used: they are
 * experimental in Node 20 and turn every error into an AbortError. Source: WHATWG Streams.
 */
import { ReadableStream, WritableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { isOrderly, type CloseReason } from '../close-reason.ts';
import type { IConnection, IHalfCloseableProtocol, IPushProducer, IStreamTransport } from '../contracts.ts';
import { ConnectionLostError } from '../errors.ts';
import { Deferred } from './deferred.ts';

export interface WebStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** The streams of a connection that has no protocol yet. Throws LocalMisuseError if it has one. */
export function toWebStreams(connection: IConnection): WebStreams {
  const adapter = new WebAdapter();
  connection.start(adapter);
  return { readable: adapter.readable, writable: adapter.writable };
}

class WebAdapter implements IHalfCloseableProtocol, IPushProducer, WebStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  #transport: IStreamTransport | undefined;
  #reader: ReadableStreamDefaultController<Uint8Array> | undefined;
  #failWriting: ((error: Error) => void) | undefined;
  #room = Deferred.resolved();
  readonly #writeEnded = new Deferred();
  readonly #open = new Set(['reading', 'writing']);

  constructor() {
    this.readable = new ReadableStream<Uint8Array>({
      start: controller => void (this.#reader = controller),
      pull: () => this.#transport?.resumeProducing(),
      cancel: () => this.#cancel(),
    });
    this.writable = new WritableStream<Uint8Array>({
      start: controller => void (this.#failWriting = error => controller.error(error)),
      write: chunk => this.#write(chunk),
      close: () => this.#close(),
      abort: () => this.#transport?.abortConnection(),
    });
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    transport.pauseProducing();
    transport.registerProducer(this, true);
  }

  dataReceived(data: Uint8Array): void {
    this.#reader?.enqueue(data);
    if (this.#reader && (this.#reader.desiredSize ?? 0) <= 0) this.#transport?.pauseProducing();
  }

  readConnectionLost(): void {
    this.#reader?.close();
    this.#reader = undefined;
    this.#endOf('reading');
  }

  writeConnectionLost(): void {
    this.#writeEnded.resolve();
    this.#endOf('writing');
  }

  /** Where the end was in order, reading just ends; writing on is an error in any case. */
  connectionLost(reason: CloseReason): void {
    const error = new ConnectionLostError(reason);
    if (isOrderly(reason)) this.#reader?.close();
    else this.#reader?.error(error);
    if (isOrderly(reason)) this.#writeEnded.resolve();
    else this.#writeEnded.reject(error);
    this.#room.reject(error);
    this.#failWriting?.(error);
    this.#reader = undefined;
  }

  pauseProducing(): void {
    this.#room = new Deferred();
  }

  resumeProducing(): void {
    this.#room.resolve();
  }

  stopProducing(): void {
    // connectionLost follows, with the reason.
  }

  #write(chunk: Uint8Array): Promise<void> {
    this.#transport?.write(chunk);
    return this.#room.promise;
  }

  #close(): Promise<void> {
    this.#transport?.unregisterProducer();
    this.#transport?.loseWriteConnection();
    return this.#writeEnded.promise;
  }

  #cancel(): void {
    this.#reader = undefined;
    this.#transport?.resumeProducing();
    this.#endOf('reading');
  }

  #endOf(direction: 'reading' | 'writing'): void {
    this.#open.delete(direction);
    if (this.#open.size === 0) this.#transport?.loseConnection();
  }
}
