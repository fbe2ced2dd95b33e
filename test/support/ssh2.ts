/**
 * The stock ssh2 library for tests: as a client to talk to our server with, and as a server to show what ours must not
 * do. Its types here say only what the tests use. The one file of the tests that imports it.
 */
import { createRequire } from 'node:module';
import type { AddressInfo, Server as NetServer } from 'node:net';
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

export interface StockDirection {
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
  getPrivatePEM(): string;
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
  readonly _srv: NetServer;
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

/** A signature of OpenSSL's as it goes on the wire, without the algorithm's name. */
export const wireSignature = (signature: Buffer, keyType: string): Buffer => utils.convertSignature(signature, keyType);

/** Sealing and opening by themselves. `onPayload` answers false when the next packet is another decipher's. */
export interface StockCipher {
  outSeqno: number;
  /** The payload goes to 5. */
  allocPacket(payloadBytes: number): Buffer;
  encrypt(packet: Buffer): void;
  free(): void;
}

export interface StockDecipher {
  inSeqno: number;
  /** Where it has stopped, if not at the end. */
  decrypt(data: Buffer, from: number, to: number): number | undefined;
  free(): void;
}

type OnPayload = (payload: Buffer) => false | undefined;
type CipherInfo = { readonly keyLen: number; readonly ivLen: number; readonly authLen: number };
type MacInfo = { readonly len: number };

export const stockCiphers = require('ssh2/lib/protocol/crypto.js') as {
  readonly CIPHER_INFO: Readonly<Record<string, CipherInfo>>;
  readonly MAC_INFO: Readonly<Record<string, MacInfo>>;
  readonly NullCipher: new (sequence: number, onWrite: (packet: Buffer) => void) => StockCipher;
  readonly NullDecipher: new (sequence: number, onPayload: OnPayload) => StockDecipher;
  readonly createCipher: (config: {
    readonly outbound: {
      readonly seqno: number;
      readonly onWrite: (packet: Buffer) => void;
      readonly cipherInfo: CipherInfo;
      readonly cipherKey: Buffer;
      readonly cipherIV: Buffer;
      readonly macInfo: MacInfo | undefined;
      readonly macKey: Buffer | undefined;
    };
  }) => StockCipher;
  readonly createDecipher: (config: {
    readonly inbound: {
      readonly seqno: number;
      readonly onPayload: OnPayload;
      readonly decipherInfo: CipherInfo;
      readonly decipherKey: Buffer;
      readonly decipherIV: Buffer;
      readonly macInfo: MacInfo | undefined;
      readonly macKey: Buffer | undefined;
    };
  }) => StockDecipher;
};
