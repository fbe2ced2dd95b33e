/**
 * A connection as a Node `Duplex`, for `pipeline`, `readline`, `tls`, and whatever else takes streams.
 *
 * 'end' is the peer's EOF; `end()` sends ours behind what was written; when both have come the connection is closed.
 * `destroy()` before that is an abort. An end that is not in order is an 'error' with ConnectionLostError. A write
 * counts as written when the connection has room for the next, so that at most its high-water mark is held here.
 * It refuses objects and text, as transports do. Source: Node 20 documentation, "stream".
 */
import { Duplex } from 'node:stream';
import { isOrderly, type CloseReason } from '../close-reason.ts';
import type { IConnection, IHalfCloseableProtocol, IPushProducer, IStreamTransport } from '../contracts.ts';
import { ConnectionLostError } from '../errors.ts';

export interface DuplexOptions {
  /** Whether our direction stays open at the peer's EOF; otherwise it is ended then. @default true (Node's Duplex) */
  readonly allowHalfOpen?: boolean;
}

type Callback = (error?: Error | null) => void;

/** The stream of a connection that has no protocol yet. Throws LocalMisuseError if it has one. */
export function toDuplex(connection: IConnection, options: DuplexOptions = {}): TransportDuplex {
  const stream = new TransportDuplex(options);
  connection.start(stream);
  return stream;
}

/** A stream that is also a protocol: hand it to whatever makes connections, such as `listenTcp`, and use it at once. */
export class TransportDuplex extends Duplex implements IHalfCloseableProtocol, IPushProducer {
  #transport: IStreamTransport | undefined;
  #paused = false;
  #over: CloseReason | undefined;
  /** What waits for the connection to be made, to have room, to have sent EOF, to be over. */
  #whenMade: Array<() => void> = [];
  #whenRoom: Callback | undefined;
  #whenEnded: Callback | undefined;
  #whenOver: (() => void) | undefined;

  constructor({ allowHalfOpen = true }: DuplexOptions = {}) {
    super({ allowHalfOpen, decodeStrings: true });
  }

  // — the protocol's face —

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    if (this.destroyed) return transport.abortConnection();
    transport.pauseProducing();
    transport.registerProducer(this, true);
    for (const go of this.#whenMade.splice(0)) go();
  }

  dataReceived(data: Uint8Array): void {
    if (!this.push(data)) this.#transport?.pauseProducing();
  }

  readConnectionLost(): void {
    this.push(null);
  }

  writeConnectionLost(): void {
    this.#settle('ended');
  }

  connectionLost(reason: CloseReason): void {
    this.#over = reason;
    const error = isOrderly(reason) ? undefined : new ConnectionLostError(reason);
    const whenRoom = this.#whenRoom;
    this.#whenRoom = undefined;
    if (whenRoom) this.#refuse(whenRoom, reason); // what was being written may be lost
    this.#settle('ended', error);
    if (this.#whenOver) this.#whenOver();
    else if (error) this.destroy(error);
    else this.#endBoth();
  }

  pauseProducing(): void {
    this.#paused = true;
  }

  resumeProducing(): void {
    this.#paused = false;
    this.#settle('room');
  }

  stopProducing(): void {
    // connectionLost follows, with the reason.
  }

  // — the stream's face —

  override _read(): void {
    this.#onceMade(transport => transport.resumeProducing());
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: Callback): void {
    this.#send([chunk], callback);
  }

  override _writev(chunks: ReadonlyArray<{ readonly chunk: Uint8Array }>, callback: Callback): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      callback,
    );
  }

  override _final(callback: Callback): void {
    if (this.#over) return callback();
    this.#whenEnded = callback;
    this.#onceMade(transport => {
      transport.unregisterProducer();
      transport.loseWriteConnection();
    });
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const transport = this.#transport;
    if (!transport || this.#over) return callback(error);
    this.#whenOver = () => callback(error);
    if (!error && this.readableEnded && this.writableFinished) transport.loseConnection();
    else transport.abortConnection();
  }

  #send(chunks: readonly Uint8Array[], callback: Callback): void {
    this.#onceMade(transport => {
      if (this.#over) return this.#refuse(callback, this.#over);
      transport.writeSequence(chunks);
      if (this.#paused) this.#whenRoom = callback;
      else callback();
    });
  }

  /** A write that fails destroys the stream, so what the peer sent before an end in order is read first. */
  #refuse(callback: Callback, reason: CloseReason): void {
    const fail = (): void => callback(new ConnectionLostError(reason));
    if (this.readableEnded || !isOrderly(reason)) fail();
    else this.once('end', fail);
  }

  #onceMade(go: (transport: IStreamTransport) => void): void {
    const transport = this.#transport;
    if (transport) go(transport);
    else this.#whenMade.push(() => this.#onceMade(go));
  }

  #settle(which: 'room' | 'ended', error?: Error): void {
    const callback = which === 'room' ? this.#whenRoom : this.#whenEnded;
    if (which === 'room') this.#whenRoom = undefined;
    else this.#whenEnded = undefined;
    callback?.(error);
  }

  /** The connection is gone, in order: nothing more comes, and nothing more can be sent. */
  #endBoth(): void {
    if (!this.readableEnded) this.push(null);
    if (!this.writableEnded) this.end();
  }
}
