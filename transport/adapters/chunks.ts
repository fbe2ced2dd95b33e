/**
 * A connection as an async iterator: `for await (const chunk of connection)`.
 *
 * It reads only what is asked for: between two chunks the connection is paused, so a slow loop stops the peer. EOF ends
 * the loop and leaves our own direction open; an end that is not in order is thrown. Leaving the loop early closes the
 * connection, behind all that was written. It refuses to buffer more than the medium had in hand.
 */
import { isOrderly, type CloseReason } from '../close-reason.ts';
import type { IConnection, IHalfCloseableProtocol, IStreamTransport } from '../contracts.ts';
import { ConnectionLostError } from '../errors.ts';

type Result = IteratorResult<Uint8Array, undefined>;

const over: Result = Object.freeze({ done: true, value: undefined });

/** Read `connection`, which must not have a protocol yet (LocalMisuseError). */
export function chunksOf(connection: IConnection): AsyncIterator<Uint8Array, undefined> {
  const chunks = new Chunks();
  connection.start(chunks);
  return chunks;
}

interface Waiter {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

class Chunks implements IHalfCloseableProtocol, AsyncIterator<Uint8Array, undefined> {
  #transport: IStreamTransport | undefined;
  readonly #arrived: Uint8Array[] = [];
  readonly #waiters: Waiter[] = [];
  #end: 'eof' | ConnectionLostError | undefined;

  next(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#serve();
      if (this.#waiters.length > 0) this.#transport?.resumeProducing();
    });
  }

  return(): Promise<Result> {
    this.#arrived.length = 0;
    this.#end ??= 'eof';
    this.#serve();
    this.#transport?.loseConnection();
    return Promise.resolve(over);
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    transport.pauseProducing();
  }

  dataReceived(data: Uint8Array): void {
    this.#arrived.push(data);
    this.#serve();
    if (this.#waiters.length === 0) this.#transport?.pauseProducing();
  }

  readConnectionLost(): void {
    this.#end ??= 'eof';
    this.#serve();
  }

  writeConnectionLost(): void {
    // Nobody here waits for it.
  }

  connectionLost(reason: CloseReason): void {
    this.#end ??= isOrderly(reason) ? 'eof' : new ConnectionLostError(reason);
    this.#serve();
  }

  /** Give what has arrived to who waits, and behind it the end: an error once, then "done" for ever. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      const value = this.#arrived.shift();
      if (!value && !this.#end) return;
      const waiter = this.#waiters.shift();
      if (value) waiter?.resolve({ done: false, value });
      else this.#tellEnd(waiter);
    }
  }

  #tellEnd(waiter: Waiter | undefined): void {
    const end = this.#end;
    this.#end = 'eof';
    if (end instanceof ConnectionLostError) waiter?.reject(end);
    else waiter?.resolve(over);
  }
}
