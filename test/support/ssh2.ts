/**
 * The stock ssh2 library for tests: as a client to talk to our server with, and as a server to show what ours must not
 * do. Its types here say only what the tests use. The one file of the tests that imports it.
 */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Duplex, Writable } from 'node:stream';

const require = createRequire(import.meta.url);

/** A client's packet layer, with the internals that let a test send anything at any time. */
export interface StockProtocol {
  start(): void;
  parse(chunk: Buffer, start: number, end: number): void;
  rekey(): void;
  cleanup(): void;
  _onPayload: (payload: Buffer) => unknown;
  _kexinit: Buffer | undefined;
  _kex: { sessionID: Buffer };
  _packetRW: {
    write: {
      allocStartKEX: number;
      alloc(bytes: number, force?: boolean): Buffer;
      finalize(packet: Buffer, force?: boolean): Buffer;
    };
  };
  _cipher: { encrypt(packet: Buffer): void; outSeqno: number };
}

interface StockOffer {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cs: StockDirection;
  readonly sc: StockDirection;
}

interface StockDirection {
  readonly cipher: readonly string[];
  readonly mac: readonly string[];
  readonly compress: readonly string[];
  readonly lang: readonly string[];
}

interface ProtocolOptions {
  readonly server: false;
  readonly ident?: string;
  readonly offer: StockOffer;
  readonly onWrite: (data: Buffer) => void;
  readonly onError: (error: Error) => void;
  readonly onHandshakeComplete: () => void;
}

export interface StockKey {
  readonly type: string;
  getPublicSSH(): Buffer;
  sign(data: Buffer, hash?: string): Buffer;
  /** An Error, which is truthy, when the algorithm makes no sense. */
  verify(data: Buffer, signature: Buffer, hash?: string): boolean | Error;
}

export interface StockContext {
  readonly method: string;
  readonly username: string;
  readonly password?: unknown;
  readonly key?: { readonly algo: string; readonly data: Buffer };
  readonly signature?: Buffer;
  readonly blob?: Buffer;
  readonly hashAlgo?: string;
  accept(): void;
  reject(methods?: string[]): void;
  prompt(text: string, answered: () => void): void;
}

type Listener = (...values: never[]) => void;

export interface StockConnection {
  readonly _sock: Duplex & { destroy(): void };
  on(event: string, listener: Listener): this;
  end(): void;
}

export interface StockSession {
  on(event: string, listener: Listener): this;
}

export interface StockChannel extends Duplex {
  readonly stderr: Writable;
  exit(status: number | string): void;
  eof(): void;
  close(): void;
}

interface StockServer {
  listen(port: number, host: string, listening: () => void): void;
  address(): AddressInfo;
  close(): void;
}

interface Library {
  readonly Server: {
    new (
      options: { readonly hostKeys: readonly string[] },
      connection: (connection: StockConnection) => void,
    ): StockServer;
    /** Milliseconds; 0 is off. */
    KEEPALIVE_CLIENT_INTERVAL: number;
  };
  readonly utils: {
    parseKey(text: string): StockKey | Error;
    generateKeyPairSync(type: string, options?: { bits: number }): { private: string; public: string };
  };
}

export const stock = require('ssh2') as Library;

export const StockProtocol = require('ssh2/lib/protocol/Protocol.js') as new (
  options: ProtocolOptions,
) => StockProtocol;

const kex = require('ssh2/lib/protocol/kex.js') as {
  HANDLERS: Record<number, (protocol: StockProtocol, payload: Buffer) => unknown>;
};

export const startStockKeyExchange = (protocol: StockProtocol, payload: Buffer): unknown =>
  kex.HANDLERS[20]!(protocol, payload);

const utils = require('ssh2/lib/protocol/utils.js') as {
  convertSignature(signature: Buffer, keyType: string): Buffer;
};

/** A signature as it goes on the wire, without the algorithm's name. */
export const wireSignature = (key: StockKey, data: Buffer, hash?: string): Buffer =>
  utils.convertSignature(key.sign(data, hash), key.type);
