/**
 * ssh2's engine for one connection, tamed: packets sealed and opened, keys exchanged, and our EXT_INFO in place of its.
 *
 * It keeps only what it may not parse yet, and knows no pressure; packet-link.ts does. Whatever the engine throws comes
 * out of `parse`. Which end it is, its setup says (engine-roles.ts). RFC 4253 §6–7; EXT_INFO is RFC 8308.
 */
import { asError } from '../../transport/errors.ts';
import { guarded } from './cipher-guard.ts';
import { breachOf, failedExchange } from './damaged-packets.ts';
import type { EngineSetup } from './engine-roles.ts';
import { HostKeyCheck } from './host-key-check.ts';
import { guessedRight } from './kex-guess.ts';
import { forgetSecrets, KeyExchangeMethods } from './key-exchange.ts';
import { relaxStrictness } from './kex-strictness.ts';
import { readerFor } from './packet-reader.ts';
import { giveBackMemory } from '../../transport/piece-memory.ts';
import { fill, PacketShapes } from './packet-shape.ts';
import { createEngine, startKeyExchange, type Engine, type KeyExchange, type Negotiated } from './library.ts';

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
  readonly #events: EngineEvents;
  readonly #hostKey: HostKeyCheck;
  readonly #methods: KeyExchangeMethods;
  readonly #shapes = new PacketShapes();
  /** Compiled ciphers write the very packet that they are given; what others write is more than that. */
  #sealing: Buffer | undefined;
  /** What has come while somebody looks at the server's host key. */
  #unread: Buffer | undefined;
  /** The peer is no stranger any more: its packets may be as large as any, and nothing of `parse`'s bytes is kept. */
  peerLoggedIn = false;

  constructor(setup: EngineSetup, events: EngineEvents) {
    this.#setup = setup;
    this.#events = events;
    this.#hostKey = new HostKeyCheck(setup.verifyHostKey, {
      stillThere: () => this.#engine._destruct !== undefined,
      accepted: events.goesOn,
      failed: error => events.failed(breachOf(asError(error))),
    });
    this.#methods = new KeyExchangeMethods(setup.role, setup.kex);
    this.#engine = createEngine(
      {
        server: setup.role === 'server',
        offer: setup.offer,
        hostKeys: setup.hostKeys,
        hostVerifier: blob => this.#hostKey.isAccepted(blob),
        onHeader: () => this.#methods.watchFirst(this.#engine),
        onWrite: data => events.write(data, data === this.#sealing ? () => giveBackMemory(data) : undefined),
        onError: error => events.failed(failedExchange(error)),
        onHandshakeComplete: events.keysExchanged,
        messageHandlers: { DISCONNECT: (_engine, reason, text) => events.disconnected(reason, text) },
      },
      {
        exchange: made => this.#adopted(made),
        cipher: guarded,
        decipher: made => readerFor(made, () => this.peerLoggedIn),
        isRightGuess: kexInit => guessedRight(kexInit, setup.preferred),
      },
    );
    this.#engine._identRaw = setup.ident.hashed;
    this.#engine._onPayload = events.payload;
    this.#completeExchanges(setup.extInfo);
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
    this.#events.write(this.#setup.ident.line);
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
    const all = this.#unread ? Buffer.concat([this.#unread, bytes]) : bytes;
    const taken = this.#taken(all);
    this.#unread = taken < all.length ? Buffer.from(all.subarray(taken)) : undefined;
    return !this.#unread;
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

  #adopted(made: KeyExchange): KeyExchange {
    const exchange = this.#methods.adopt(made);
    if (this.#setup.role === 'client') this.#hostKey.guard(exchange);
    return exchange;
  }

  /**
   * What an exchange knows is forgotten when it is over. ssh2 runs two names together in its own EXT_INFO, so it is told
   * not to send one, and ours goes in its place.
   */
  #completeExchanges(extInfo: Uint8Array | undefined): void {
    const complete = this.#engine._onHandshakeComplete;
    let ours = extInfo;
    this.#engine._onHandshakeComplete = negotiated => {
      const exchange = this.#engine._kex;
      if (exchange.remoteExtInfoEnabled && ours) this.seal([ours]);
      exchange.remoteExtInfoEnabled = false;
      ours = undefined;
      forgetSecrets(exchange);
      complete(negotiated);
    };
  }
}
