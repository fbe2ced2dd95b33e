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

export interface EngineOptions {
  readonly server: boolean;
  readonly offer: object;
  readonly hostKeys: Readonly<Record<string, EngineHostKey>>;
  /** As a client: may the exchange go on with this host key? Asked for each one; without this, the answer is yes. */
  readonly hostVerifier: (hostKey: Buffer) => boolean;
  /** The peer has said who it is; its first KEXINIT has not been read. */
  readonly onHeader?: () => void;
  readonly onWrite: (data: Buffer) => void;
  readonly onError: (error: Error) => void;
  readonly onHandshakeComplete: (negotiated: Negotiated) => void;
  /** What it hears of messages that are not of a key exchange, during one. */
  readonly messageHandlers?: { readonly DISCONNECT: (engine: Engine, reason: number, text: string) => void };
}

/** What becomes of the parts that an engine makes, before it uses them: each is asked for what is to take its place. */
export interface EngineWatch {
  readonly exchange?: (made: KeyExchange) => KeyExchange;
  readonly cipher?: (made: Engine['_cipher']) => Engine['_cipher'];
  readonly decipher?: (made: EngineDecipher) => EngineDecipher;
  /** Whether the packet that the peer sent ahead of the answer to its KEXINIT is to be kept. RFC 4253 §7. */
  readonly isRightGuess?: (kexInit: Buffer) => boolean;
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
