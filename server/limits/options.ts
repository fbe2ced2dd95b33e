/**
 * Options that limit one connection, its sessions, and all of them together. Names, units and defaults.
 *
 * Before login everything has a deadline; after it, times are off unless set, as in sshd. What each limit does when it
 * is reached is in limit-names.ts.
 */
import { filledGroups, MAX_TIME, requireWhole, type GivenGroups } from '../../transport/option-group.ts';

export type LimitOptions = GivenGroups<ResolvedLimits>;

/** In milliseconds; 0 means none. */
export interface LoginDeadlines {
  /** For the client's identification line. @default 10_000 */
  readonly ident: number;
  /** For the key exchange after it. @default 30_000 */
  readonly keyExchange: number;
  /** For each message of the login after the one before; people are asked for passphrases meanwhile. @default 0 */
  readonly message: number;
}

export interface QueueBudgets {
  /** Written to one channel and not sent yet. At least 65_536. @default 16_777_216 */
  readonly channel: number;
  /** Of all channels of one connection. @default 67_108_864 */
  readonly connection: number;
  /** Of all connections; above it the one with most goes. @default 536_870_912 */
  readonly total: number;
}

/** In milliseconds; 0 means for ever. */
export interface TimeLimits {
  /** Without a session, after login. @default 0 (sshd UnusedConnectionTimeout none) */
  readonly unused: number;
  /** Without data in any session. @default 0 */
  readonly connectionIdle: number;
  /** From accept to end. @default 0 */
  readonly connection: number;
  /** Without data in either direction. @default 0 (sshd ChannelTimeout none) */
  readonly sessionIdle: number;
  /** From open to close. @default 0 */
  readonly session: number;
}

/** Global requests, channel requests and channel opens of one connection, together. */
export interface RequestRate {
  /** On average; 0 means no limit. @default 1_000 */
  readonly perSecond: number;
  /** At once, after a silence. @default 5_000 */
  readonly burst: number;
}

export interface ResolvedLimits {
  /** Deadlines before login, besides the login grace time. */
  readonly beforeLogin: LoginDeadlines;
  /** Channels that one connection may hold open, of all types. @default 100 */
  readonly maxChannels: number;
  /** Sessions of all connections together; 0 means no limit. @default 10_000 */
  readonly maxTotalSessions: number;
  /** Bytes of channels that wait in memory, in either direction. */
  readonly queuedBytes: QueueBudgets;
  /** How long connections and sessions may last. */
  readonly time: TimeLimits;
  /** How often a client may ask for something. */
  readonly requests: RequestRate;
}

const MiB = 1024 ** 2;

export const limitDefaults: ResolvedLimits = Object.freeze({
  beforeLogin: Object.freeze({ ident: 10_000, keyExchange: 30_000, message: 0 }),
  maxChannels: 100,
  maxTotalSessions: 10_000,
  queuedBytes: Object.freeze({ channel: 16 * MiB, connection: 64 * MiB, total: 512 * MiB }),
  time: Object.freeze({ unused: 0, connectionIdle: 0, connection: 0, sessionIdle: 0, session: 0 }),
  requests: Object.freeze({ perSecond: 1_000, burst: 5_000 }),
});

/** Fill in defaults and check; throws ConfigError. */
export function resolveLimits(given: LimitOptions | undefined): ResolvedLimits {
  const resolved = filledGroups('limits', given, limitDefaults);
  check(resolved);
  return resolved;
}

const span = { most: MAX_TIME };
const some = { least: 1 };

function check({ beforeLogin, queuedBytes, time, requests, ...counts }: ResolvedLimits): void {
  requireWhole('limits', counts, { maxChannels: some, maxTotalSessions: {} });
  requireWhole('limits.beforeLogin', beforeLogin, { ident: span, keyExchange: span, message: span });
  const { channel, connection } = queuedBytes;
  requireWhole('limits.queuedBytes', queuedBytes, {
    ...{ channel: { least: 65_536 }, connection: { least: channel }, total: { least: connection } },
  });
  const times = { unused: span, connectionIdle: span, connection: span, sessionIdle: span, session: span };
  requireWhole('limits.time', time, times);
  requireWhole('limits.requests', requests, { perSecond: {}, burst: some });
}
