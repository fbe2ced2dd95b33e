/**
 * What HTTP transports of every version can be told, and the one place of their limits and defaults.
 *
 * Each number bounds something that the peer controls. It refuses numbers that mean nothing (ConfigError).
 * Source: RFC 9112, RFC 9113; Node 20 documentation, "http" and "http2".
 */
import { inspect } from 'node:util';
import type { QueueLimits } from '../contracts.ts';
import { ConfigError } from '../errors.ts';
import type { ListenerOptions } from '../sockets/listener.ts';

/** Time and queues; for both ends. */
export interface HttpOptions extends QueueLimits {
  /**
   * Close, in order, a connection on which no byte has moved for this long, in milliseconds; 0 for never.
   * @default 300_000 for a pair of bodies, which proxies may hold open for the dead; 0 for all others
   */
  readonly idleTimeout?: number;
  /** When such a close has not come to its end after this long, in milliseconds, abort. @default 15_000 (Twisted) */
  readonly abortTimeout?: number;
  /** See StreamOptions. @default 2_000 */
  readonly lingerTime?: number;
}

/** What a server of ours grants its peers. */
export interface ListenHttpOptions extends HttpOptions, ListenerOptions {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Connections held at once; more are dropped. @default 1_000 */
  readonly maxConnections?: number;
  /** Longest head of a request, in bytes, all its headers together; a longer one is answered with 431. @default 16_384 */
  readonly maxHeaderSize?: number;
  /** How long the head of a request may take, in milliseconds. HTTP/2: how long a session may have no stream. @default 30_000 */
  readonly headersTimeout?: number;
}

/** Which requests are meant for us. */
export interface RequestFilter {
  /** Only requests for this path are taken; a query does not matter. @default '/' */
  readonly path?: string;
  /** Whether a browser page from `origin` may connect. @default only pages from the host that it connects to */
  readonly allowOrigin?: (origin: string, host: string | undefined) => boolean;
}

export const httpDefaults = Object.freeze({
  idleTimeout: 0,
  idleTimeoutOfBodies: 300_000,
  abortTimeout: 15_000,
  lingerTime: 2_000,
  maxConnections: 1_000,
  maxHeaderSize: 16_384,
  headersTimeout: 30_000,
  path: '/',
  /** HTTP/2, each session: streams at once, and bytes on their way in one stream. */
  maxConcurrentStreams: 100,
  window: 65_535,
  /** HTTP/2, each session, from the peer: frames of SETTINGS, and streams reset; at once, and more in each second. */
  settingsFrames: [100, 1] as const,
  resets: [200, 20] as const,
});

/** What each number may be: from, to. */
const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  idleTimeout: [0, 2 ** 31 - 1],
  abortTimeout: [0, 2 ** 31 - 1],
  headersTimeout: [1, 2 ** 31 - 1],
  maxConnections: [1, 2 ** 31 - 1],
  maxHeaderSize: [1_024, 1_048_576],
  maxConcurrentStreams: [1, 2 ** 31 - 1],
  window: [65_535, 2 ** 31 - 1], // RFC 9113 §6.9.1, §6.9.2
};

/** Throws ConfigError for a number out of its range. */
export function checkNumbers(options: object): void {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || isWhole(value, least, most)) continue;
    throw new ConfigError(name, `must be a whole number from ${least} to ${most}, got ${inspect(value)}`);
  }
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** RFC 9110 §5.6.2 and §7.8: a name, and perhaps a version behind a slash. */
const tokenShape = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(\/[!#$%&'*+.^_`|~0-9A-Za-z-]+)?$/;

/** Tokens whose protocols begin with more than an answer of 101. */
const notOurs: Readonly<Record<string, string>> = {
  websocket: 'use listenWebSocket or connectWebSocket',
  h2c: 'HTTP/2 is spoken with prior knowledge only (RFC 9113 §3.1): use listenHttp2 or connectHttp2',
};

/** Throws ConfigError for a token that HTTP does not allow, or whose protocol is not made of plain bytes. */
export function checkToken(option: string, token: string): void {
  if (!tokenShape.test(token)) {
    throw new ConfigError(option, `must be a protocol name such as nacre or nacre/1, got ${JSON.stringify(token)}`);
  }
  const instead = notOurs[token.toLowerCase()];
  if (instead !== undefined) throw new ConfigError(option, `${token} is not a stream of plain bytes: ${instead}`);
}

/** The path that a request asks for, in either form that its target may have (RFC 9112 §3.2). */
export function pathOf(target = ''): string | undefined {
  if (target.startsWith('/')) return target.split('?', 1)[0];
  return URL.canParse(target) ? new URL(target).pathname : undefined;
}

/** What a browser says of the page that connects, against the name that it connects to (RFC 6454 §7). */
export const isSameSite = (origin: string, host: string | undefined): boolean =>
  URL.canParse(origin) && new URL(origin).host === host;
