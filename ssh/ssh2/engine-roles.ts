/**
 * What makes an engine a server's or a client's: what it offers, shows and asks, encoded once for all its connections.
 *
 * Everything past that is the same for both, and knows no role. RFC 4253 §7.1; RFC 8308 §2.1.
 */
import type { Algorithms } from '../algorithms.ts';
import { serverExtInfo } from '../ext-info.ts';
import { softwareVersion } from '../ident.ts';
import type { KeyAgreementRole } from '../key-agreement.ts';
import type { HandshakeKey } from '../packets.ts';
import { ConfigError } from '../../transport/errors.ts';
import type { VerifyHostKey } from './host-key-check.ts';
import type { Preferred } from './kex-guess.ts';
import { engineName } from './key-exchange.ts';
import { encodeOffer, type EngineHostKey, type EngineOptions } from './library.ts';

export interface ServerEngineOptions {
  readonly hostKeys: readonly HandshakeKey[];
  readonly algorithms: Algorithms;
  /** What login will accept, for EXT_INFO `server-sig-algs`. */
  readonly signatureAlgorithms: readonly string[];
  /** Software version of our identification. @default softwareVersion */
  readonly software?: string;
}

export interface ClientEngineOptions {
  /** Is this the server that we want? Deliberately has no default. */
  readonly verifyHostKey: VerifyHostKey;
  readonly algorithms: Algorithms;
  /** Signature algorithms of the host keys that we take, preferred first. */
  readonly hostKeyAlgorithms: readonly string[];
  /** Software version of our identification. @default softwareVersion */
  readonly software?: string;
}

/** What all connections of one end share. */
export interface EngineSetup {
  readonly role: KeyAgreementRole;
  /** Our identification, RFC 4253 §4.2: the line as it is sent, and without its end, as it is hashed (§8). */
  readonly ident: { readonly line: Buffer; readonly hashed: Buffer };
  readonly engine: EngineOptions;
  readonly preferred: Preferred;
  readonly kex: readonly string[];
  /** What a server says first under its first keys. */
  readonly extInfo?: Uint8Array;
  /** A client's. */
  readonly verifyHostKey?: VerifyHostKey;
}

/** Names in the list of methods that are none: "I keep to strict key exchange", "you may send me EXT_INFO". */
const markers: Readonly<Record<KeyAgreementRole, readonly string[]>> = {
  server: ['kex-strict-s-v00@openssh.com'],
  client: ['ext-info-c', 'kex-strict-c-v00@openssh.com'],
};

export function serverSetup(options: ServerEngineOptions): EngineSetup {
  const keys = options.hostKeys.flatMap(key => key.algorithms.map(name => [name, engineKey(key, name)] as const));
  const serverHostKey = keys.map(([name]) => name);
  return {
    ...offered('server', options, serverHostKey, Object.fromEntries(keys)),
    extInfo: serverExtInfo(options.signatureAlgorithms),
  };
}

/** Throws ConfigError when nobody is there to look at the host key. */
export function clientSetup(options: ClientEngineOptions): EngineSetup {
  const { verifyHostKey, hostKeyAlgorithms } = options;
  if (typeof verifyHostKey !== 'function')
    throw new ConfigError('verifyHostKey', 'is required; a client without it would talk to anybody');
  return { ...offered('client', options, hostKeyAlgorithms, {}), verifyHostKey };
}

function offered(
  role: KeyAgreementRole,
  {
    algorithms: { kex, ciphers, macs, compression },
    software = softwareVersion,
  }: Pick<ServerEngineOptions, 'algorithms' | 'software'>,
  serverHostKey: readonly string[],
  hostKeys: EngineOptions['hostKeys'],
): EngineSetup {
  const direction = { cipher: ciphers, mac: macs, compress: compression, lang: [] };
  const lists = { kex: [...kex, ...markers[role]], serverHostKey, cs: direction, sc: direction };
  const offer = encodeOffer(lists, [...kex.map(engineName), ...markers[role]]);
  const line = Buffer.from(`SSH-2.0-${software}\r\n`);
  const ident = { line, hashed: line.subarray(0, -2) };
  const engine = { server: role === 'server', offer, hostKeys };
  return { role, ident, engine, preferred: { kex: kex[0], serverHostKey: serverHostKey[0] }, kex };
}

/**
 * The engine re-encodes signatures of the key types it knows by name; ours are encoded already, so it is given a name
 * that it does not know.
 */
function engineKey(key: HandshakeKey, algorithm: string): EngineHostKey {
  const blob = Buffer.from(key.blob);
  return { type: 'encoded', getPublicSSH: () => blob, sign: data => Buffer.from(key.sign(data, algorithm)) };
}
