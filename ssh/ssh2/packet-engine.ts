/**
 * ssh2's engine for one connection, tamed: packets sealed and opened, keys exchanged, and our EXT_INFO in place of its.
 *
 * It keeps only what it may not parse yet, and knows no pressure; packet-link.ts does. Whatever the engine throws comes
 * out of `parse`. Which end it is, its setup says (engine-roles.ts). RFC 4253 §6–7; EXT_INFO is RFC 8308.
 */
import { asError } from '../../transport/errors.ts';
import { guarded } from './cipher-guard.ts';
import { breachOf, failedExchange } from './damaged-packets.ts';
import type { EngineDecipher } from './deciphers.ts';
import type { EngineSetup } from './engine-roles.ts';
import { HostKeyCheck, type KeyShown } from './host-key-check.ts';
import { guessedRight } from './kex-guess.ts';
import { KeyExchangeMethods } from './key-exchange.ts';
import { relaxStrictness } from './kex-strictness.ts';
import { readerFor } from './packet-reader.ts';
import { giveBackMemory } from '../../transport/piece-memory.ts';
import type { EngineUser } from './engine-user.ts';
import { createEngine, type OwnedEngine } from './owned-engine.ts';
import { beforeKeys, fill, shapesFor } from './packet-shape.ts';
import { startKeyExchange, type Engine, type EngineOwner, type KeyExchange, type Negotiated } from './library.ts';

export class PacketEngine implements EngineOwner, KeyShown {
  readonly #engine: OwnedEngine;
  readonly #setup: EngineSetup;
  readonly #user: EngineUser;
  /** A client's. */
  readonly #hostKey: HostKeyCheck | undefined;
  readonly #methods: KeyExchangeMethods;
  #shapes = shapesFor(beforeKeys);
  /** Compiled ciphers write the very packet that they are given; what others write is more than that. */
  #sealing: Buffer | undefined;
  /** What has come while somebody looks at the server's host key. */
  #unread: Buffer | undefined;
  /** What a server says under its first keys. */
  #extInfo: Uint8Array | undefined;
  /** The peer is no stranger any more: its packets may be as large as any, and nothing of `parse`'s bytes is kept. */
  peerLoggedIn = false;

  constructor(setup: EngineSetup, user: EngineUser) {
    const { role, kex, ident, extInfo, verifyHostKey } = setup;
    this.#setup = setup;
    this.#user = user;
    this.#extInfo = extInfo;
    this.#hostKey = verifyHostKey && new HostKeyCheck(verifyHostKey, this);
    this.#methods = new KeyExchangeMethods(role, kex);
    this.#engine = createEngine(setup.engine, this);
    this.#engine._identRaw = ident.hashed;
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
    this.#user.packetSealed(this.#setup.ident.line);
  }

  /** The host key of the last exchange. */
  hostKey({ serverHostKey }: Negotiated): Buffer {
    return this.#setup.engine.hostKeys[serverHostKey]?.getPublicSSH() ?? this.#hostKey?.accepted ?? Buffer.alloc(0);
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
    this.#sealing = fill(this.#shapes.alloc(_cipher, length), pieces);
    _cipher.encrypt(this.#sealing);
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

  // — what the engine calls —

  sealed(data: Buffer): void {
    this.#user.packetSealed(data, data === this.#sealing ? () => giveBackMemory(data) : undefined);
  }

  payloadOpened(payload: Buffer): unknown {
    return this.#user.payloadReceived(payload);
  }

  identRead(): void {
    this.#methods.watchFirst(this.#engine);
  }

  /** What the exchange knows is forgotten. ssh2 would run two names together in an EXT_INFO of its own: ours goes. */
  exchangeComplete(negotiated: Negotiated): void {
    const { remoteExtInfoEnabled } = this.#engine._kex;
    this.#shapes = shapesFor(this.#setup.role === 'server' ? negotiated.sc : negotiated.cs);
    if (remoteExtInfoEnabled && this.#extInfo) this.seal([this.#extInfo]);
    this.#extInfo = undefined;
    this.#engine.forgetExchange();
    this.#user.keysExchanged(negotiated);
  }

  engineFailed(error: Error): void {
    this.#user.engineFailed(failedExchange(error));
  }

  disconnected(reason: number, text: string): void {
    this.#user.peerLeft(reason, text);
  }

  isAccepted(hostKey: Buffer): boolean {
    return this.#hostKey?.isAccepted(hostKey) === true;
  }

  hostKeyAccepted(): void {
    this.#user.hostKeyAccepted();
  }

  hostKeyRefused(error: Error): void {
    this.#user.engineFailed(breachOf(error));
  }

  isRightGuess(kexInit: Buffer): boolean {
    return guessedRight(kexInit, this.#setup.preferred);
  }

  exchangeFor(made: KeyExchange): KeyExchange {
    const exchange = this.#methods.adopt(made);
    this.#hostKey?.guard(exchange);
    return exchange;
  }

  cipherFor(made: Engine['_cipher']): Engine['_cipher'] {
    return guarded(made);
  }

  decipherFor(made: EngineDecipher): EngineDecipher {
    return readerFor(made, this);
  }

  /** How many of `bytes` the engine took. */
  #taken(bytes: Buffer): number {
    try {
      let at = 0;
      while (at < bytes.length && !this.#hostKey?.waiting)
        at = this.#engine._parse(bytes, at, bytes.length) ?? bytes.length;
      return Math.min(at, bytes.length);
    } catch (error) {
      throw breachOf(asError(error));
    }
  }
}
