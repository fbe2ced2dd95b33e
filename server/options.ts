/**
 * Server options: their meaning, units and defaults. Groups of them have a file of their own: admission/options.ts,
 * admission/proxy-options.ts, limits/options.ts. No other file of the server knows a default.
 */
import { isSoftwareVersion, softwareVersion } from '../ssh/ident.ts';
import { keyLimitDefaults } from '../ssh/key-age.ts';
import type { HostKey } from '../keys/host-key.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { Address } from '../transport/address.ts';
import { ConfigError } from '../transport/errors.ts';
import {
  admissionDefaults,
  resolveAdmission,
  type AdmissionOptions,
  type ResolvedAdmission,
} from './admission/options.ts';
import { proxyDefaults, resolveProxy, type ProxyOptions } from './admission/proxy-options.ts';
import { chosenAlgorithms, type AlgorithmChoice } from './algorithm-choice.ts';
import type { ServerEvent } from './events.ts';
import type { Given } from '../transport/option-group.ts';
import { limitDefaults, resolveLimits, type LimitOptions, type ResolvedLimits } from './limits/options.ts';
import { MAX_TIME } from '../transport/option-group.ts';

export interface ListenOptions {
  /** Addresses to listen on; port 0 means any free port. At least one. */
  readonly listen: readonly { readonly host: string; readonly port: number }[];
  /** Keys by which clients know this server. At least one, at most one of each type. */
  readonly hostKeys: readonly HostKey[];
  /** May this key log in as this user? Asked before its signature is checked. Deliberately has no default. */
  readonly authorize: (user: string, key: PublicKey, peer: Address) => Promise<boolean> | boolean;
  /** Which algorithms to offer: a profile (ssh/algorithms.ts) or lists of names, preferred first. @default 'modern' */
  readonly algorithms?: AlgorithmChoice;
  /** Drop a connection that has not logged in by then, in milliseconds; 0 means never. @default 120_000 (sshd LoginGraceTime) */
  readonly loginGraceTime?: number;
  /** Failed logins after which a connection is ended. @default 6 (sshd MaxAuthTries) */
  readonly maxAuthTries?: number;
  /** Sessions one connection may hold open. @default 10 (sshd MaxSessions) */
  readonly maxSessions?: number;
  /** Exchange new keys after so many bytes, both directions together. @default 1_073_741_824 (RFC 4253 §9) */
  readonly rekeyBytes?: number;
  /** Exchange new keys after so much time, in milliseconds; 0 means never for that reason. @default 3_600_000 (RFC 4253 §9) */
  readonly rekeyTime?: number;
  /** End a connection whose exchange of new keys is not over by then, in milliseconds; 0 means never. @default 120_000 (sshd has no such limit) */
  readonly rekeyTimeout?: number;
  /** Ask a client that has said nothing for so long whether it is there, in milliseconds; 0 means never. @default 0 (sshd ClientAliveInterval) */
  readonly clientAliveInterval?: number;
  /** Questions in a row that it may leave unanswered. @default 3 (sshd ClientAliveCountMax) */
  readonly clientAliveCountMax?: number;
  /** Keys that this server will use one day, told to clients that learn host keys (OpenSSH UpdateHostKeys). @default none */
  readonly nextHostKeys?: readonly HostKey[];
  /**
   * What we say that we are: the software version of RFC 4253 §4.2. OpenSSH's client takes some extensions only to
   * servers whose name begins with `OpenSSH`: to say that nobody reads its output (`eow@openssh.com`) is one.
   * @default nacre and its version
   */
  readonly softwareVersion?: string;
  /** Who may connect, how many at once, and who must wait. @default admissionDefaults */
  readonly admission?: AdmissionOptions;
  /** Whether connections come through a proxy that says who their client is. @default proxyDefaults: they do not */
  readonly proxyProtocol?: Given<ProxyOptions>;
  /** What a connection may take of memory and time, and all of them together. @default limitDefaults */
  readonly limits?: LimitOptions;
  /**
   * Is there such a user? Asked only when a connection ended after a failed login, to choose its penalty; no client
   * gets to know. @default every name is one
   */
  readonly isUser?: (user: string) => boolean;
  /** Hears of everything that happens. @default nobody does */
  readonly onEvent?: (event: ServerEvent) => void;
}

export interface ResolvedOptions extends Required<ListenOptions> {
  readonly admission: ResolvedAdmission;
  readonly proxyProtocol: ProxyOptions;
  readonly limits: ResolvedLimits;
}

export const listenDefaults = Object.freeze({
  algorithms: 'modern',
  loginGraceTime: 120_000,
  maxAuthTries: 6,
  maxSessions: 10,
  rekeyBytes: keyLimitDefaults.rekeyBytes,
  rekeyTime: keyLimitDefaults.rekeyTime,
  rekeyTimeout: keyLimitDefaults.rekeyTimeout,
  clientAliveInterval: 0,
  clientAliveCountMax: 3,
  nextHostKeys: [] satisfies HostKey[],
  softwareVersion,
  admission: admissionDefaults,
  proxyProtocol: proxyDefaults,
  limits: limitDefaults,
  isUser: (): boolean => true,
  onEvent: () => undefined,
}) satisfies Partial<ListenOptions>;

/** Fill in defaults and check; throws ConfigError. Later code never asks whether an option is set. */
export function resolveListenOptions(options: ListenOptions): ResolvedOptions {
  const resolved = withDefaults(options);
  const unknown = Object.keys(options).find(name => !known.has(name));
  if (unknown !== undefined) throw new ConfigError(unknown, 'there is no such option');
  if (resolved.listen.length === 0) throw new ConfigError('listen', 'at least one address is needed');
  if (resolved.hostKeys.length === 0) throw new ConfigError('hostKeys', 'at least one host key is needed');
  requireOneOfEachType(resolved.hostKeys);
  if (typeof resolved.authorize !== 'function') {
    throw new ConfigError('authorize', 'is required; a server without it would have to let everybody in');
  }
  chosenAlgorithms(resolved.algorithms);
  if (!isSoftwareVersion(resolved.softwareVersion)) {
    throw new ConfigError('softwareVersion', 'must be at most 200 printable ASCII characters, no space and no "-"');
  }
  for (const [name, least, most] of wholeNumbers) requireWhole(name, resolved[name], least, most);
  return Object.freeze(resolved);
}

/** An option that is there but undefined counts as not given. */
function withDefaults({
  algorithms = listenDefaults.algorithms,
  loginGraceTime = listenDefaults.loginGraceTime,
  maxAuthTries = listenDefaults.maxAuthTries,
  maxSessions = listenDefaults.maxSessions,
  rekeyBytes = listenDefaults.rekeyBytes,
  rekeyTime = listenDefaults.rekeyTime,
  rekeyTimeout = listenDefaults.rekeyTimeout,
  clientAliveInterval = listenDefaults.clientAliveInterval,
  clientAliveCountMax = listenDefaults.clientAliveCountMax,
  nextHostKeys = listenDefaults.nextHostKeys,
  softwareVersion = listenDefaults.softwareVersion,
  admission,
  proxyProtocol,
  limits,
  isUser = listenDefaults.isUser,
  onEvent = listenDefaults.onEvent,
  ...required
}: ListenOptions): ResolvedOptions {
  const login = { loginGraceTime, maxAuthTries, maxSessions, isUser };
  const upkeep = { rekeyBytes, rekeyTime, rekeyTimeout, clientAliveInterval, clientAliveCountMax };
  const groups = {
    admission: resolveAdmission(admission),
    proxyProtocol: resolveProxy(proxyProtocol),
    limits: resolveLimits(limits),
  };
  return { ...required, algorithms, nextHostKeys, softwareVersion, ...login, ...upkeep, ...groups, onEvent };
}

const wholeNumbers = [
  ['loginGraceTime', 0, MAX_TIME],
  ['maxAuthTries', 1, Infinity],
  ['maxSessions', 1, Infinity],
  ['rekeyBytes', 64 * 1024, Infinity],
  ['rekeyTime', 0, MAX_TIME],
  ['rekeyTimeout', 0, MAX_TIME],
  ['clientAliveInterval', 0, MAX_TIME],
  ['clientAliveCountMax', 0, Infinity],
] as const;

const known: ReadonlySet<string> = new Set(['listen', 'hostKeys', 'authorize', ...Object.keys(listenDefaults)]);

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ConfigError(name, `must be a whole number of at least ${least}, got ${value}`);
  }
  if (value > most) throw new ConfigError(name, `must be at most ${most}, got ${value}`);
}

function requireOneOfEachType(hostKeys: readonly HostKey[]): void {
  const types = hostKeys.map(key => key.publicKey.type);
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  if (twice !== undefined)
    throw new ConfigError('hostKeys', `there are two of type ${twice}; clients can be shown only one`);
}
