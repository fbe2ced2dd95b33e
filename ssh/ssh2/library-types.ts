/**
 * What we use of ssh2's protocol engine, typed: it ships no types, and most of this is its private side.
 *
 * Types only; library.ts checks when it is loaded that the parts are there. Facts: ssh2 1.17.0, lib/protocol.
 */
import type { EngineDecipher } from './deciphers.ts';

/** ssh2's engine: bytes in through `parse`, bytes out through `onWrite`, no sockets. */
export interface Engine {
  parse: (chunk: Uint8Array, start: number, end: number) => void;
  /** One step of `parse`: answers where the next one begins; nothing, or past the end, when there is none. */
  _parse: (chunk: Uint8Array, start: number, end: number) => number | undefined;
  rekey: () => void;
  cleanup: () => void;
  /** Looked up for each message outside a key exchange. Infinity stops the parser. */
  _onPayload: (payload: Buffer) => unknown;
  _onHandshakeComplete: (negotiated: Negotiated) => void;
  _onWrite: (data: Buffer) => void;
  _onError: (error: Error) => void;
  _onHeader: () => void;
  /** Would send an identification of the library's. */
  start: unknown;
  /** Our KEXINIT while keys are being exchanged, undefined otherwise. */
  _kexinit: Buffer | undefined;
  /** Set by the peer's first KEXINIT; what is left of one that is over is its session id. */
  _kex: KeyExchange;
  /** Set by a KEXINIT, read by the packet after it: whether that was sent ahead on a wrong guess. */
  _skipNextInboundPacket: boolean;
  _offer: EncodedOffer;
  /** Both identifications, without their line ends, as they are hashed in every exchange. */
  _identRaw: Buffer;
  /** There once the peer has said who it is. */
  _remoteIdentRaw: Buffer;
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
  negotiated: { kex: string; serverHostKey: string };
  hashName: string;
  generateKeys(): void;
  getPublicKey(): Buffer;
  /** The public value as it is hashed. */
  convertPublicKey(key: Buffer): Buffer;
  /** One message of the exchange, from the peer. To answer false is to end the step of `parse` behind it. */
  parse(payload: Buffer): unknown;
  computeSecret(theirs: Buffer): Buffer | Error;
  /** Its arithmetic done, tell the peer; then, with both NEWKEYS out, take the new keys. */
  finish(): unknown;
  _remoteKexinit: Buffer;
  /** Our NEWKEYS has gone out: the peer expects the new keys from us, which are in use only when its own has come. */
  _sentNEWKEYS: boolean;
  _receivedNEWKEYS: boolean;
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

/** What all engines of one end share. */
export interface EngineOptions {
  readonly server: boolean;
  readonly offer: object;
  /** A server's, by signature algorithm. */
  readonly hostKeys: Readonly<Record<string, EngineHostKey>>;
}

/** What an engine tells, and what becomes of the parts that it makes: for each it asks what is to take its place. */
export interface EngineOwner {
  /** Sealed bytes for the peer. */
  sealed(data: Buffer): void;
  /** It has failed, and has told the peer. */
  engineFailed(error: Error): void;
  /** The peer has said who it is; its first KEXINIT has not been read. */
  identRead(): void;
  /** Keys have been exchanged. The library would send an EXT_INFO of its own now: it does not get so far. */
  exchangeComplete(negotiated: Negotiated): void;
  /** One message outside key exchange. Infinity stops the parser. */
  payloadOpened(payload: Buffer): unknown;
  /** A DISCONNECT during key exchange. */
  disconnected(reason: number, text: string): void;
  /** As a client: may the exchange go on with this host key? Asked for each one. */
  isAccepted(hostKey: Buffer): boolean;
  exchangeFor(made: KeyExchange): KeyExchange;
  cipherFor(made: Engine['_cipher']): Engine['_cipher'];
  decipherFor(made: EngineDecipher): EngineDecipher;
  /** Whether the packet that the peer sent ahead of the answer to its KEXINIT is to be kept. RFC 4253 §7. */
  isRightGuess(kexInit: Buffer): boolean;
}

export interface Offer {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly cs: OfferDirection;
  readonly sc: OfferDirection;
}
type OfferDirection = Readonly<Record<'cipher' | 'mac' | 'compress' | 'lang', readonly string[]>>;

/** What goes on the wire is encoded already; `array` is what the engine settles by. */
export interface EncodedOffer {
  readonly lists: { readonly kex: { array: readonly string[] } };
}
