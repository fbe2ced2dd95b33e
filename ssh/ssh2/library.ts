/**
 * The one door to the ssh2 library: what we use of it, typed, and checked when it is loaded. Its engine, and whom that
 * works for, is owned-engine.ts.
 *
 * We use its protocol engine, which exchanges keys and seals packets, and nothing above it: not its Server, Client,
 * Channel or authentication (see docs/decisions/001-ssh2-is-the-packet-engine.md). The engine is private to ssh2, so its
 * version is pinned and its shape is checked here; a different one fails at once, with a clear error.
 */
import { createRequire } from 'node:module';
import { IncompatibleLibraryError } from '../../transport/errors.ts';
import { Message } from '../codes.ts';
import { byte, message, nameList, uint32 } from '../wire.ts';
import { bareEngine, type OwnedEngine } from './owned-engine.ts';
import { missingDecipherParts, sampleCiphers } from './deciphers.ts';
import type { EncodedOffer, Engine, EngineOwner, KeyExchange, Offer } from './library-types.ts';

export const PINNED_VERSION = '1.17.0';

export type * from './library-types.ts';

type OfferClass = new (offer: Offer) => EncodedOffer;

const require = createRequire(import.meta.url);
const { version } = require('ssh2/package.json') as { version: string };
const { KexInit, HANDLERS } = require('ssh2/lib/protocol/kex.js') as {
  KexInit: OfferClass;
  HANDLERS: Record<number, (engine: Engine, payload: Buffer) => unknown>;
};

/** An offer, encoded once and shared by all connections of a server. The engine is told of `known` in place of its kex. */
export function encodeOffer(offer: Offer, known: readonly string[] = offer.kex): object {
  const encoded = new KexInit(offer);
  encoded.lists.kex.array = known;
  return encoded;
}

/** Answered to the engine's parser, has it stop. */
export const STOP = Infinity;

/** The peer starts a key exchange: the engine takes over until it is done. */
export const startKeyExchange = (engine: Engine, payload: Buffer): unknown =>
  HANDLERS[Message.KEXINIT]?.(engine, payload);

type Part = readonly [name: string, value: unknown, type: string];

const namesOfMissing = (parts: readonly Part[]): string[] =>
  parts.filter(([, value, type]) => typeof value !== type).map(([name]) => name);

/** What must be there, and of which type, for this port to work. */
export const missingParts = (engine: Engine): string[] =>
  namesOfMissing([
    ['parse', engine.parse, 'function'],
    ['_parse', engine._parse, 'function'],
    ['rekey', engine.rekey, 'function'],
    ['cleanup', engine.cleanup, 'function'],
    ['_onPayload', engine._onPayload, 'function'],
    ['_onHandshakeComplete', engine._onHandshakeComplete, 'function'],
    ['_onWrite', engine._onWrite, 'function'],
    ['_onError', engine._onError, 'function'],
    ['_onHeader', engine._onHeader, 'function'],
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
    ['_kex.finish', exchange?.finish, 'function'],
    ['_kex.parse', exchange?.parse, 'function'],
    ['_kex.negotiated.kex', exchange?.negotiated?.kex, 'string'],
    ['_kex.negotiated.serverHostKey', exchange?.negotiated?.serverHostKey, 'string'],
    ['_kex._remoteKexinit', exchange?._remoteKexinit, 'object'],
    ['_kex._sentNEWKEYS', exchange?._sentNEWKEYS, 'boolean'],
    ['_kex._receivedNEWKEYS', exchange?._receivedNEWKEYS, 'boolean'],
  ]);

/** An engine that serves nobody, as the library makes it. */
export function sampleEngine(owner?: Partial<EngineOwner>): OwnedEngine {
  const direction = { cipher: ['aes128-ctr'], mac: ['hmac-sha2-256'], compress: ['none'], lang: [] };
  const lists = { kex: ['curve25519-sha256'], serverHostKey: ['ssh-ed25519'], cs: direction, sc: direction };
  return bareEngine({ server: true, offer: encodeOffer(lists), hostKeys: {} }, owner);
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
