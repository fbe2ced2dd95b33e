/**
 * ssh2's engine for one connection, tamed: packets sealed and opened, keys exchanged, and our EXT_INFO in place of its.
 *
 * It keeps only what it may not parse yet, and knows no pressure; packet-link.ts does. Whatever the engine throws comes
 * out of `parse`. Which end it is, its setup says (engine-roles.ts). RFC 4253 §6–7; EXT_INFO is RFC 8308.
 */
import { asError } from '../../transport/errors.ts';
import { guardCiphers } from './cipher-guard.ts';
import { breachOf, failedExchange } from './damaged-packets.ts';
import type { EngineSetup } from './engine-roles.ts';
import { HostKeyCheck } from './host-key-check.ts';
import { mendGuess } from './kex-guess.ts';
import { KeyExchangeMethods } from './key-exchange.ts';
import { relaxStrictness } from './kex-strictness.ts';
import { replaceDeciphers } from './packet-reader.ts';
import { giveBackMemory } from '../../transport/piece-memory.ts';
import { fill, PacketShapes } from './packet-shape.ts';
import { createEngine, startKeyExchange, type Engine, type Negotiated } from './library.ts';

/** What one engine calls. */
export interface EngineEvents {
  /** Sealed bytes for the peer; with `returned`, they may be lent. */
  readonly write: (data: Buffer, returned?: () => void) => void;
  /** The engine has failed, and has told the peer; or its key exchange may not go on, and nobody has been told. */
  readonly failed: (error: Error) => void;
  /** Keys have been exchanged, for the first time or again. */
  readonly keysExchanged: (negotiated: Negotiated) => void;
  /** The peer has left in the middle of a key exchange. Outside of one, that is a message like any other. */
  readonly disconnected: (reason: number, text: string) => void;
  /** One message outside key exchange. Answer STOP to have no more parsed. */
  readonly payload: (payload: Buffer) => unknown;
  /** The server's host key was accepted: what `parse` left can be parsed. */
  readonly goesOn: () => void;
}

export class PacketEngine {
  readonly #engine: Engine;
  readonly #setup: EngineSetup;
  readonly #hostKey: HostKeyCheck;
  readonly #methods: KeyExchangeMethods;
  readonly #shapes = new PacketShapes();
  /** Compiled ciphers write the very packet that they are given; what others write is more than that. */
  #sealing: Buffer | undefined;
  /** What has come while somebody looks at the server's host key. */
  #unread: Buffer = Buffer.alloc(0);
  /** The peer is no stranger any more: its packets may be as large as any, and nothing of `parse`'s bytes is kept. */
  peerLoggedIn = false;

  constructor(setup: EngineSetup, events: EngineEvents) {
    this.#setup = setup;
    this.#hostKey = new HostKeyCheck(setup.verifyHostKey, {
      stillThere: () => this.#engine._destruct !== undefined,
      accepted: events.goesOn,
      failed: error => events.failed(breachOf(asError(error))),
    });
    this.#engine = createEngine({
      server: setup.role === 'server',
      ident: setup.software,
      offer: setup.offer,
      hostKeys: setup.hostKeys,
      hostVerifier: blob => this.#hostKey.isAccepted(blob),
      onHeader: () => this.#methods.watchFirst(this.#engine),
      onWrite: data => events.write(data, data === this.#sealing ? () => giveBackMemory(data) : undefined),
      onError: error => events.failed(failedExchange(error)),
      onHandshakeComplete: events.keysExchanged,
      messageHandlers: { DISCONNECT: (_engine, reason, text) => events.disconnected(reason, text) },
    });
    this.#engine._onPayload = events.payload;
    guardCiphers(this.#engine);
    replaceDeciphers(this.#engine, () => this.peerLoggedIn);
    this.#replaceExtInfo(setup.extInfo);
    mendGuess(this.#engine, setup.preferred);
    this.#methods = new KeyExchangeMethods(this.#engine, setup.role, setup.kex, exchange => {
      if (setup.role === 'client') this.#hostKey.guard(exchange);
    });
  }

  get exchangingKeys(): boolean {
    return this.#engine._kexinit !== undefined;
  }

  /** False once the engine has failed, and between our NEWKEYS and the peer's: then nothing would be readable. */
  get usable(): boolean {
    const { _kex: exchange, _destruct } = this.#engine;
    const betweenKeys = exchange?._sentNEWKEYS && !exchange._receivedNEWKEYS;
    return _destruct !== undefined && !betweenKeys;
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

  /** The host key of the last exchange. */
  hostKey({ serverHostKey }: Negotiated): Buffer {
    return this.#setup.hostKeys[serverHostKey]?.getPublicSSH() ?? this.#hostKey.accepted ?? Buffer.alloc(0);
  }

  /**
   * Answers whether all was taken: while somebody looks at the server's host key, the rest is kept for the next call.
   * Throws RemoteProtocolError for a packet that is damaged.
   */
  parse(bytes: Buffer): boolean {
    const all = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    this.#unread = Buffer.from(all.subarray(this.#taken(all)));
    return this.#unread.length === 0;
  }

  /** The peer's KEXINIT, in a later exchange than the first: its answer is the engine's to give. */
  answerKeyExchange(payload: Buffer): unknown {
    const answer = startKeyExchange(this.#engine, this.#methods.shownToEngine(payload));
    if (this.exchangingKeys) relaxStrictness(this.#engine);
    return answer;
  }

  rekey(): void {
    this.#engine.rekey();
  }

  /** Send one message, whose pieces follow each other, and answer its length. Not while keys are being exchanged. */
  seal(pieces: readonly Uint8Array[]): number {
    const { _cipher } = this.#engine;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const packet = this.#shapes.alloc(_cipher, length);
    fill(packet, pieces);
    this.#sealing = packet;
    _cipher.encrypt(packet);
    this.#sealing = undefined;
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

  /** How many of `bytes` the engine took. */
  #taken(bytes: Buffer): number {
    try {
      let at = 0;
      while (at < bytes.length && !this.#hostKey.waiting)
        at = this.#engine._parse(bytes, at, bytes.length) ?? bytes.length;
      return Math.min(at, bytes.length);
    } catch (error) {
      throw breachOf(asError(error));
    }
  }

  /** ssh2 runs two names together in its own EXT_INFO, so it is told not to send one, and ours goes in its place. */
  #replaceExtInfo(extInfo: Uint8Array | undefined): void {
    const complete = this.#engine._onHandshakeComplete;
    let ours = extInfo;
    this.#engine._onHandshakeComplete = negotiated => {
      const wanted = this.#engine._kex.remoteExtInfoEnabled;
      this.#engine._kex.remoteExtInfoEnabled = false;
      if (wanted && ours) this.seal([ours]);
      ours = undefined;
      complete(negotiated);
    };
  }
}
