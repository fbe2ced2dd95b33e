/** The two ends of a transfer: a source that fills whatever it is given, and a sink that counts. */
import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { IHalfCloseableProtocol, IPushProducer, IStreamTransport } from 'nacre/transport';

export const chunk = Buffer.alloc(65_536, 'nacre ');

/** Writes so many bytes as fast as it may, then ends: its own direction, or the connection. */
export class Source implements IHalfCloseableProtocol, IPushProducer {
  readonly ended: Promise<void>;
  readonly #end: 'half-close' | 'close';
  #left: number;
  #paused = false;
  #transport: IStreamTransport | undefined;
  #tellEnded = (): void => undefined;

  constructor(bytes: number, end: 'half-close' | 'close' = 'half-close') {
    this.#end = end;
    this.#left = bytes;
    this.ended = new Promise(resolve => (this.#tellEnded = resolve));
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    transport.registerProducer(this, true);
    this.#produce();
  }

  resumeProducing(): void {
    this.#paused = false;
    this.#produce();
  }

  pauseProducing(): void {
    this.#paused = true;
  }

  stopProducing(): void {
    this.#left = 0;
  }

  dataReceived(): void {
    // Nothing comes this way.
  }

  readConnectionLost(): void {
    this.#transport?.loseConnection();
  }

  writeConnectionLost(): void {
    // The sink closes.
  }

  connectionLost(): void {
    this.#tellEnded();
  }

  #produce(): void {
    for (; this.#left > 0 && !this.#paused; this.#left -= chunk.length) this.#transport?.write(chunk);
    if (this.#left > 0 || this.#paused) return;
    this.#transport?.unregisterProducer();
    if (this.#end === 'close') this.#transport?.loseConnection();
    else this.#transport?.loseWriteConnection();
  }
}

/** Counts, and closes when the source does. */
export class Sink implements IHalfCloseableProtocol {
  readonly ended: Promise<void>;
  #missing: number;
  #transport: IStreamTransport | undefined;
  #tellEnded = (): void => undefined;

  constructor(bytes: number) {
    this.#missing = bytes;
    this.ended = new Promise(resolve => (this.#tellEnded = resolve));
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
  }

  dataReceived(data: Uint8Array): void {
    this.#missing -= data.length;
  }

  readConnectionLost(): void {
    this.#transport?.loseConnection();
  }

  writeConnectionLost(): void {
    // Our own doing.
  }

  connectionLost(): void {
    if (this.#missing !== 0) throw new Error(`${this.#missing} bytes are missing`);
    this.#tellEnded();
  }
}

/** What a Node program does by hand: write until `write` says no, go on at 'drain', end. */
export async function fill(stream: Writable, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
  stream.end();
}

/** Counts until 'end'. */
export async function drain(stream: Readable | Duplex, bytes: number): Promise<void> {
  let missing = bytes;
  stream.on('data', (data: Uint8Array) => (missing -= data.length));
  await once(stream, 'end');
  if (missing !== 0) throw new Error(`${missing} bytes are missing`);
}
