/**
 * The stock ssh2 client as the peer of our packet link, over a loopback: no socket, no port, no clock.
 *
 * Only tests may use ssh2's Client. What tests need of its inside is typed here, and nothing more.
 */
import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { Duplex } from 'node:stream';
import type { ConnectionOptions } from '../../../ssh/connection-options.ts';
import { ServerEnd, type ServerEndOptions } from '../../../ssh/test-ends.ts';
import type { IProtocol, IStreamTransport } from '../../../transport/contracts.ts';
import type { Endpoint } from '../../../transport/endpoint.ts';
import { loopback } from '../../../transport/memory/loopback.ts';

/** What of ssh2's engine a misbehaving peer needs. */
export interface StockEngine {
  readonly _handlers: Record<string, (...args: never[]) => void>;
  readonly _packetRW: {
    readonly write: {
      allocStartKEX: number;
      alloc(size: number, force: true): Buffer;
      finalize(packet: Buffer, force: true): Buffer;
    };
  };
  readonly _cipher: { encrypt(packet: Buffer): void };
  rekey(): void;
  ping(): void;
}

export interface StockClient extends EventEmitter {
  readonly _protocol: StockEngine;
  connect(options: object): void;
  exec(command: string, done: (error: Error | undefined, stream: Duplex) => void): void;
  end(): void;
}

const require = createRequire(import.meta.url);

const newClient = (): StockClient => new (require('ssh2') as { Client: new () => StockClient }).Client();

/** Whether ssh2 uses its own compiled code. */
export const nativeCrypto = (): boolean =>
  (require('ssh2/lib/protocol/crypto.js') as { bindingAvailable: boolean }).bindingAvailable;

/** A Node stream at one end of a loopback, for a client that wants a socket; a test may change what passes. */
export class Wire extends Duplex implements IProtocol {
  transport!: IStreamTransport;
  mangle: (data: Buffer) => Buffer = data => data;

  makeConnection(transport: IStreamTransport): void {
    this.transport = transport;
  }

  dataReceived(data: Uint8Array): void {
    this.push(data);
  }

  connectionLost(): void {
    this.push(null);
    this.destroy();
  }

  override _read(): void {
    // Back-pressure is the transport's: tests pause it by hand.
  }

  override _write(data: Buffer, _encoding: string, done: () => void): void {
    this.transport.write(this.mangle(data));
    done();
  }

  override _final(done: () => void): void {
    this.transport.loseConnection();
    done();
  }
}

export interface Setup {
  readonly link?: Omit<ServerEndOptions, 'connection'>;
  readonly connection?: ConnectionOptions;
  /** Options of the stock client. */
  readonly client?: object;
}

export interface Joined {
  readonly client: StockClient;
  readonly wire: Wire;
  readonly ours: ServerEnd;
  /** Our transport, below the link. */
  readonly below: Endpoint;
  /** Errors that the client has told. */
  readonly errors: Error[];
}

/** A stock client and our link on a loopback; the handshake has begun. */
export function join({ link = {}, connection = {}, client: options = {} }: Setup = {}): Joined {
  const wire = new Wire();
  const ours = new ServerEnd({ ...link, connection });
  const client = newClient();
  const errors: Error[] = [];
  client.on('error', (error: Error) => errors.push(error));
  const [, below] = loopback(wire, ours.link);
  client.connect({ sock: wire, username: 'u', password: 'p', readyTimeout: 0, ...options });
  return { client, wire, ours, below, errors };
}

/** The same, logged in. */
export async function joinReady(setup: Setup = {}): Promise<Joined> {
  const joined = join(setup);
  await once(joined.client, 'ready');
  return joined;
}

/** Send one message as the client, even where it may not: in the middle of a key exchange. */
export function forcePacket({ _packetRW: { write }, _cipher }: StockEngine, payload: Uint8Array): void {
  const packet = write.alloc(payload.length, true);
  packet.set(payload, write.allocStartKEX);
  _cipher.encrypt(write.finalize(packet, true));
}
