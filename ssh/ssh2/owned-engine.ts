/**
 * ssh2's protocol engine with an owner: it asks what is to take the place of its parts, and tells what it has to say.
 *
 * Facts: ssh2 1.17.0, lib/protocol/Protocol.js. That the parts are there is checked by library.ts.
 */
import { createRequire } from 'node:module';
import type { Engine, EngineOptions, EngineOwner, KeyExchange, Negotiated } from './library-types.ts';

type EngineClass = new (options: LibraryOptions) => Engine;

/** What it asks for; without a host verifier, a client takes any host key. */
interface LibraryOptions extends EngineOptions {
  readonly onWrite: (data: Buffer) => void;
  readonly onError: (error: Error) => void;
  readonly hostVerifier: (this: OwnedEngine, hostKey: Buffer) => boolean;
  /** Who hears messages that are not of a key exchange, during one. */
  readonly messageHandlers: { readonly DISCONNECT: (engine: OwnedEngine, reason: number, text: string) => void };
}

const EngineImplementation = createRequire(import.meta.url)('ssh2/lib/protocol/Protocol.js') as EngineClass;

/**
 * An engine whose parts are looked at when it sets them. The accessors are the class's: on each engine they would have V8
 * keep it as a table of names, 1.6 KB for each connection.
 */
export class OwnedEngine extends EngineImplementation {
  // Set by the accessors below, which the library's constructor calls before any field of ours would be initialized.
  declare owner: Partial<EngineOwner> | undefined;
  declare exchange: Engine['_kex'];
  declare cipher: Engine['_cipher'];
  declare decipher: Engine['_decipher'];
  declare sentAhead: boolean;

  override get _kex(): Engine['_kex'] {
    return this.exchange;
  }
  override set _kex(made: Engine['_kex']) {
    this.exchange = this.owner?.exchangeFor?.(made) ?? made;
  }

  override get _cipher(): Engine['_cipher'] {
    return this.cipher;
  }
  override set _cipher(made: Engine['_cipher']) {
    this.cipher = this.owner?.cipherFor?.(made) ?? made;
  }

  override get _decipher(): Engine['_decipher'] {
    return this.decipher;
  }
  override set _decipher(made: Engine['_decipher']) {
    this.decipher = this.owner?.decipherFor?.(made) ?? made;
  }

  /** The library sets it when a packet was sent ahead, right or wrong, and asks before it drops one. */
  override get _skipNextInboundPacket(): boolean {
    this.sentAhead &&= !this.owner?.isRightGuess?.(this.exchange._remoteKexinit);
    return this.sentAhead;
  }
  override set _skipNextInboundPacket(sentAhead: boolean) {
    this.sentAhead = sentAhead;
  }

  /** Of an exchange that is over the library asks the session id; the rest is secrets, or what was heard already. */
  forgetExchange(): void {
    this.exchange = { sessionID: this.exchange.sessionID } as KeyExchange;
  }
}

const ignore = (): void => undefined;

/** What the library calls on the engine is a function for all of them; of its own it would make several for each. */
const calls = {
  _onError(this: OwnedEngine, error: Error): void {
    this.owner?.engineFailed?.(error);
  },
  _onHeader(this: OwnedEngine): void {
    this.owner?.identRead?.();
  },
  _onHandshakeComplete(this: OwnedEngine, negotiated: Negotiated): void {
    this.owner?.exchangeComplete?.(negotiated);
  },
};
const asked: Pick<LibraryOptions, 'hostVerifier' | 'messageHandlers'> = {
  hostVerifier(this: OwnedEngine, blob) {
    return this.owner?.isAccepted?.(blob) === true;
  },
  messageHandlers: { DISCONNECT: (engine, reason, text) => engine.owner?.disconnected?.(reason, text) },
};

/** An engine of the library's that works for `owner`, and for nobody else: none of its own closures is left. */
export function createEngine(options: EngineOptions, owner: EngineOwner): OwnedEngine {
  const _onWrite = (data: Buffer): void => owner.sealed(data);
  const _onPayload = (payload: Buffer): unknown => owner.payloadOpened(payload);
  const engine = bareEngine(options, owner, _onWrite);
  return Object.assign(engine, calls, { _onWrite, _onPayload, start: undefined });
}

/** An engine as the library makes it, which asks `owner` about its parts and tells it nothing. */
export function bareEngine(
  options: EngineOptions,
  owner?: Partial<EngineOwner>,
  onWrite: LibraryOptions['onWrite'] = ignore,
): OwnedEngine {
  const engine = new OwnedEngine({ ...options, ...asked, onWrite, onError: ignore });
  engine.owner = owner;
  return engine;
}
