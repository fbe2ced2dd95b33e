/**
 * ssh2's engine for one connection, tamed: packets sealed and opened, keys exchanged, and our EXT_INFO in place of its.
 *
 * It keeps no queue and knows no pressure; packet-link.ts does. Whatever the engine throws comes out of `parse`.
 * RFC 4253 §6–7; EXT_INFO is RFC 8308.
 */
import { asError } from '../../transport/errors.ts';
import { serverExtInfo } from '../ext-info.ts';
import { softwareVersion } from '../ident.ts';
import type { HandshakeKey } from '../packets.ts';
import type { Algorithms } from '../algorithms.ts';
import { breachOf, failedExchange } from './damaged-packets.ts';
import { mendGuess, type Preferred } from './kex-guess.ts';
import { engineName, KeyExchangeMethods } from './key-exchange.ts';
import { replaceDeciphers } from './packet-reader.ts';
import { PacketShapes, PAYLOAD_START } from './packet-shape.ts';
import {
  createEngine,
  encodeOffer,
  startKeyExchange,
  type Engine,
  type EngineHostKey,
  type Negotiated,
} from './library.ts';

export interface ServerEngineOptions {
  readonly hostKeys: readonly HandshakeKey[];
  readonly algorithms: Algorithms;
  /** What login will accept, for EXT_INFO `server-sig-algs`. */
  readonly signatureAlgorithms: readonly string[];
  /** Software version of our identification. @default softwareVersion */
  readonly software?: string;
}

/** What one engine calls. */
export interface EngineEvents {
  /** Sealed bytes for the peer. */
  readonly write: (data: Buffer) => void;
  /** The engine has failed, and has told the peer. */
  readonly failed: (error: Error) => void;
  /** Keys have been exchanged, for the first time or again. */
  readonly keysExchanged: (negotiated: Negotiated) => void;
  /** The peer has left in the middle of a key exchange. Outside of one, that is a message like any other. */
  readonly disconnected: (reason: number, text: string) => void;
  /** One message outside key exchange. Answer STOP to have no more parsed. */
  readonly payload: (payload: Buffer) => unknown;
}

/** What all connections of a server share. */
interface Shared {
  readonly software: string;
  readonly offer: object;
  readonly hostKeys: Readonly<Record<string, EngineHostKey>>;
  readonly extInfo: Uint8Array;
  readonly preferred: Preferred;
  readonly kex: readonly string[];
}

/** Tells the engine's parser to stop. */
export const STOP = Infinity;

/** Encode what all connections of a server share, once. */
export function serverEngines(options: ServerEngineOptions): (events: EngineEvents) => PacketEngine {
  const { kex, ciphers, macs, compression } = options.algorithms;
  const direction = { cipher: ciphers, mac: macs, compress: compression, lang: [] };
  const keys = options.hostKeys.flatMap(key => key.algorithms.map(name => [name, engineKey(key, name)] as const));
  const strict = 'kex-strict-s-v00@openssh.com';
  const serverHostKey = keys.map(([name]) => name);
  const offer = encodeOffer({ kex: [...kex, strict], serverHostKey, cs: direction, sc: direction }, [
    ...kex.map(engineName),
    strict,
  ]);
  const hostKeys = Object.fromEntries(keys);
  const extInfo = serverExtInfo(options.signatureAlgorithms);
  const { software = softwareVersion } = options;
  const preferred = { kex: kex[0], serverHostKey: keys[0]?.[0] };
  return events => new PacketEngine(events, { software, offer, hostKeys, extInfo, preferred, kex });
}

export class PacketEngine {
  readonly #engine: Engine;
  readonly #methods: KeyExchangeMethods;
  readonly #shapes = new PacketShapes();
  /** The peer is no stranger any more: its packets may be as large as any. */
  readonly loggedIn: () => void;

  constructor(events: EngineEvents, { software, offer, hostKeys, extInfo, preferred, kex }: Shared) {
    this.#engine = createEngine({
      server: true,
      ident: software,
      offer,
      hostKeys,
      onHeader: () => this.#methods.watchFirst(this.#engine),
      onWrite: events.write,
      onError: error => events.failed(failedExchange(error)),
      onHandshakeComplete: events.keysExchanged,
      messageHandlers: { DISCONNECT: (_engine, reason, text) => events.disconnected(reason, text) },
    });
    this.#engine._onPayload = events.payload;
    this.loggedIn = replaceDeciphers(this.#engine);
    this.#replaceExtInfo(extInfo);
    mendGuess(this.#engine, preferred);
    this.#methods = new KeyExchangeMethods(this.#engine, 'server', kex);
  }

  get exchangingKeys(): boolean {
    return this.#engine._kexinit !== undefined;
  }

  /** False once the engine has failed, and between our NEWKEYS and the peer's: then nothing would be readable. */
  get usable(): boolean {
    const betweenKeys = this.exchangingKeys && this.#engine._kex?._sentNEWKEYS;
    return this.#engine._destruct !== undefined && !betweenKeys;
  }

  /** The hash of the first key exchange, RFC 4253 §7.2. */
  get sessionId(): Buffer {
    return this.#engine._kex.sessionID;
  }

  /** Sequence number of the message that is being received. RFC 4253 §6.4. */
  get receivedSequence(): number {
    return (this.#engine._decipher.inSeqno - 1) >>> 0;
  }

  /** Say who we are. */
  start(): void {
    this.#engine.start();
  }

  /** Throws RemoteProtocolError for a packet that is damaged. */
  parse(bytes: Buffer): void {
    try {
      this.#engine.parse(bytes, 0, bytes.length);
    } catch (error) {
      throw breachOf(asError(error));
    }
  }

  /** The peer's KEXINIT: its answer is the engine's to give. */
  answerKeyExchange(payload: Buffer): unknown {
    return startKeyExchange(this.#engine, this.#methods.shownToEngine(payload));
  }

  rekey(): void {
    this.#engine.rekey();
  }

  /** Send one message, whose pieces follow each other, and answer its length. Not while keys are being exchanged. */
  seal(pieces: readonly Uint8Array[]): number {
    const { _cipher } = this.#engine;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const packet = this.#shapes.alloc(_cipher, length);
    let at = PAYLOAD_START;
    for (const piece of pieces) {
      packet.set(piece, at);
      at += piece.length;
    }
    _cipher.encrypt(packet);
    return length;
  }

  /** Send one message even in the middle of a key exchange. */
  sealNow(payload: Uint8Array): void {
    const { write } = this.#engine._packetRW;
    const packet = write.alloc(payload.length, true);
    packet.set(payload, write.allocStartKEX);
    this.#engine._cipher.encrypt(write.finalize(packet, true));
  }

  cleanup(): void {
    this.#engine.cleanup();
  }

  /** ssh2 runs two names together in its own EXT_INFO, so it is told not to send one, and ours goes in its place. */
  #replaceExtInfo(extInfo: Uint8Array): void {
    const complete = this.#engine._onHandshakeComplete;
    let first = true;
    this.#engine._onHandshakeComplete = negotiated => {
      const wanted = first && this.#engine._kex.remoteExtInfoEnabled;
      first = false;
      this.#engine._kex.remoteExtInfoEnabled = false;
      if (wanted) this.seal([extInfo]);
      complete(negotiated);
    };
  }
}

/**
 * The engine re-encodes signatures of the key types it knows by name; ours are encoded already, so it is given a name
 * that it does not know.
 */
function engineKey(key: HandshakeKey, algorithm: string): EngineHostKey {
  const blob = Buffer.from(key.blob);
  return { type: 'encoded', getPublicSSH: () => blob, sign: data => Buffer.from(key.sign(data, algorithm)) };
}
