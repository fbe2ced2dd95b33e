/**
 * The one door to the ssh2 library: what we use of it, typed, and checked when it is loaded.
 *
 * We use its protocol engine, which exchanges keys and seals packets, and nothing above it: not its Server, Client,
 * Channel or authentication (see docs/decisions/001-ssh2-is-the-packet-engine.md). The engine is private to ssh2, so its
 * version is pinned and its shape is checked here; a different one fails at once, with a clear error.
 */
import { createRequire } from 'node:module';
import { IncompatibleLibraryError } from '../../transport/errors.ts';
import { Message } from '../codes.ts';
import { byte, message, nameList, uint32 } from '../wire.ts';
import { missingDecipherParts, sampleCiphers, type EngineDecipher } from './deciphers.ts';

export const PINNED_VERSION = '1.17.0';

/** ssh2's engine: bytes in through `parse`, bytes out through `onWrite`, no sockets. */
export interface Engine {
  start: () => void;
  parse: (chunk: Uint8Array, start: number, end: number) => void;
  rekey: () => void;
  cleanup: () => void;
  /** Looked up for each packet outside a key exchange; ours replaces it. Infinity stops the parser. */
  _onPayload: (payload: Buffer) => unknown;
  _onHandshakeComplete: (negotiated: Negotiated) => void;
  /** Our KEXINIT while keys are being exchanged, undefined otherwise. */
  _kexinit: Buffer | undefined;
  /** Set by the peer's first KEXINIT. */
  _kex: KeyExchange;
  /** Set by a KEXINIT, read by the packet after it: whether that was sent ahead on a wrong guess. */
  _skipNextInboundPacket: boolean;
  _offer: EncodedOffer;
  _packetRW: { write: PacketWriter };
  _cipher: { encrypt: (packet: Buffer) => void; allocPacket: (payloadBytes: number) => Buffer };
  /** There once the peer has said who it is. */
  _decipher: EngineDecipher;
  /** Undefined once the engine has failed and may not be used any more. */
  _destruct: unknown;
}

/** One key exchange, made by the engine when the peer's KEXINIT has come. Ours replace its arithmetic. */
export interface KeyExchange {
  sessionID: Buffer;
  remoteExtInfoEnabled: boolean;
  negotiated: { kex: string };
  hashName: string;
  generateKeys(): void;
  getPublicKey(): Buffer;
  /** The public value as it is hashed. */
  convertPublicKey(key: Buffer): Buffer;
  computeSecret(theirs: Buffer): Buffer | Error;
  _remoteKexinit: Buffer;
  /** Our NEWKEYS has gone out: the peer expects the new keys from us, which are in use only when its own has come. */
  _sentNEWKEYS: boolean;
}

interface PacketWriter {
  allocStart: number;
  allocStartKEX: number;
  /** `force` allocates a whole packet even during a key exchange. */
  alloc: (payloadBytes: number, force?: boolean) => Buffer;
  finalize: (packet: Buffer, force?: boolean) => Buffer;
}

/** The algorithms that a handshake settled on. */
export interface Negotiated {
  readonly kex: string;
  readonly serverHostKey: string;
  readonly cs: { readonly cipher: string; readonly mac: string };
  readonly sc: { readonly cipher: string; readonly mac: string };
}

/** A host key in the shape the engine signs with. */
export interface EngineHostKey {
  readonly type: string;
  getPublicSSH(): Buffer;
  sign(data: Buffer, hash: string | undefined): Buffer | Error;
}

export interface EngineOptions {
  readonly server: boolean;
  readonly ident: string;
  readonly offer: object;
  readonly hostKeys: Readonly<Record<string, EngineHostKey>>;
  /** The peer has said who it is; its first KEXINIT has not been read. */
  readonly onHeader?: () => void;
  readonly onWrite: (data: Buffer) => void;
  readonly onError: (error: Error) => void;
  readonly onHandshakeComplete: (negotiated: Negotiated) => void;
  /** What it hears of messages that are not of a key exchange, during one. */
  readonly messageHandlers?: { readonly DISCONNECT: (engine: Engine, reason: number, text: string) => void };
}

export interface Offer {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cs: OfferDirection;
  readonly sc: OfferDirection;
}
type OfferDirection = Readonly<Record<'cipher' | 'mac' | 'compress' | 'lang', readonly string[]>>;

type EngineClass = new (options: EngineOptions) => Engine;
type OfferClass = new (offer: Offer) => EncodedOffer;

/** What goes on the wire is encoded already; `array` is what the engine settles by. */
interface EncodedOffer {
  readonly lists: { readonly kex: { array: readonly string[] } };
}

const require = createRequire(import.meta.url);
const { version } = require('ssh2/package.json') as { version: string };
const EngineImplementation = require('ssh2/lib/protocol/Protocol.js') as EngineClass;
const { KexInit, HANDLERS } = require('ssh2/lib/protocol/kex.js') as {
  KexInit: OfferClass;
  HANDLERS: Record<number, (engine: Engine, payload: Buffer) => unknown>;
};

export const createEngine = (options: EngineOptions): Engine => new EngineImplementation(options);

/** An offer, encoded once and shared by all connections of a server. The engine is told of `known` in place of its kex. */
export function encodeOffer(offer: Offer, known: readonly string[] = offer.kex): object {
  const encoded = new KexInit(offer);
  encoded.lists.kex.array = known;
  return encoded;
}

/** The peer starts a key exchange: the engine takes over until it is done. */
export const startKeyExchange = (engine: Engine, payload: Buffer): unknown =>
  HANDLERS[Message.KEXINIT]?.(engine, payload);

type Part = readonly [name: string, value: unknown, type: string];

const namesOfMissing = (parts: readonly Part[]): string[] =>
  parts.filter(([, value, type]) => typeof value !== type).map(([name]) => name);

/** What must be there, and of which type, for this port to work. */
export const missingParts = (engine: Engine): string[] =>
  namesOfMissing([
    ['start', engine.start, 'function'],
    ['parse', engine.parse, 'function'],
    ['rekey', engine.rekey, 'function'],
    ['cleanup', engine.cleanup, 'function'],
    ['_onPayload', engine._onPayload, 'function'],
    ['_onHandshakeComplete', engine._onHandshakeComplete, 'function'],
    ['_kexinit', engine._kexinit, 'undefined'],
    ['_skipNextInboundPacket', engine._skipNextInboundPacket, 'boolean'],
    ['_destruct', engine._destruct, 'function'],
    ['_cipher.encrypt', engine._cipher?.encrypt, 'function'],
    ['_cipher.allocPacket', engine._cipher?.allocPacket, 'function'],
    ['_offer.lists.kex.array', engine._offer?.lists?.kex?.array, 'object'],
    ['_packetRW.write.alloc', engine._packetRW?.write?.alloc, 'function'],
    ['_packetRW.write.finalize', engine._packetRW?.write?.finalize, 'function'],
    ['_packetRW.write.allocStart', engine._packetRW?.write?.allocStart, 'number'],
    ['_packetRW.write.allocStartKEX', engine._packetRW?.write?.allocStartKEX, 'number'],
    ['kex.HANDLERS[20]', HANDLERS[Message.KEXINIT], 'function'],
  ]);

/** The same of the exchange that an engine makes when it is shown a KEXINIT. */
export const missingExchangeParts = (exchange: Partial<KeyExchange> | undefined): string[] =>
  namesOfMissing([
    ['_kex.generateKeys', exchange?.generateKeys, 'function'],
    ['_kex.getPublicKey', exchange?.getPublicKey, 'function'],
    ['_kex.convertPublicKey', exchange?.convertPublicKey, 'function'],
    ['_kex.computeSecret', exchange?.computeSecret, 'function'],
    ['_kex.negotiated.kex', exchange?.negotiated?.kex, 'string'],
    ['_kex._remoteKexinit', exchange?._remoteKexinit, 'object'],
    ['_kex._sentNEWKEYS', exchange?._sentNEWKEYS, 'boolean'],
  ]);

/** An engine that serves nobody, and has been shown a KEXINIT. */
export function sampleEngine(): Engine {
  const direction = { cipher: ['aes128-ctr'], mac: ['hmac-sha2-256'], compress: ['none'], lang: [] };
  const offer = { kex: ['curve25519-sha256'], serverHostKey: ['ssh-ed25519'], cs: direction, sc: direction };
  const ignore = (): void => undefined;
  const callbacks = { onWrite: ignore, onError: ignore, onHandshakeComplete: ignore };
  return createEngine({ server: true, ident: 'check', offer: encodeOffer(offer), hostKeys: {}, ...callbacks });
}

/** The least KEXINIT that an engine and its `sampleEngine` agree on. */
export function sampleKexInit(): Buffer {
  const lists = ['curve25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256'];
  const rest = ['none', 'none', '', ''];
  const names = [...lists, ...rest].map(name => nameList(name === '' ? [] : [name]));
  return message(byte(Message.KEXINIT), Buffer.alloc(16), ...names, byte(0), uint32(0));
}

function checkShape(): void {
  const remedy = `nacre needs ssh2 ${PINNED_VERSION} exactly: run "npm ci"`;
  if (version !== PINNED_VERSION) throw new IncompatibleLibraryError(`ssh2 ${version} is installed; ${remedy}`);
  const engine = sampleEngine();
  const missing = missingParts(engine);
  if (missing.length === 0) {
    startKeyExchange(engine, sampleKexInit());
    missing.push(...missingExchangeParts(engine._kex));
    missing.push(...sampleCiphers.flatMap(cipher => missingDecipherParts(cipher)));
  }
  if (missing.length > 0) throw new IncompatibleLibraryError(`ssh2 has no ${missing.join(', ')}; ${remedy}`);
}

checkShape();
