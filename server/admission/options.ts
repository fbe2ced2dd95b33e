/**
 * Options of admission: who may connect, how many at once, and who must wait. Names, units and defaults.
 *
 * Where sshd has the same setting, the default is sshd's (sshd_config(5), OpenSSH 10).
 */
import { filledGroups, MAX_TIME, requireOneOf, requireWhole, type GivenGroups } from '../../transport/option-group.ts';
import { NetworkList } from './networks.ts';

export type AdmissionOptions = GivenGroups<ResolvedAdmission>;

/** Random early drop, sshd's MaxStartups `begin:rate:full`. */
export interface StartupOptions {
  /** Refuse some when so many wait to log in. @default 10 */
  readonly begin: number;
  /** In so many of 100 cases, at `begin`; growing to all at `full`. @default 30 */
  readonly rate: number;
  /** Refuse all when so many wait. @default 100 */
  readonly full: number;
}

export interface SourceOptions {
  /** Connections of one source that have not logged in yet; 0 means no limit. @default 0 (sshd PerSourceMaxStartups none) */
  readonly maxStartups: number;
  /** Connections of one source, logged in or not; 0 means no limit. @default 0 */
  readonly maxConnections: number;
  /** Addresses that agree in so many bits are one source. @default 32 (sshd PerSourceNetBlockSize) */
  readonly ipv4Bits: number;
  /** The same for IPv6. @default 128 (sshd PerSourceNetBlockSize) */
  readonly ipv6Bits: number;
}

/** What a source can be penalised for. */
export const penaltyCauses = ['authFail', 'invalidUser', 'graceExceeded', 'noAuth', 'crash'] as const;
export type PenaltyCause = (typeof penaltyCauses)[number];

/** sshd's PerSourcePenalties. Times in milliseconds; a penalty of 0 is none. */
export interface PenaltyOptions extends Readonly<Record<PenaltyCause, number>> {
  /** @default true */
  readonly enabled: boolean;
  /** It left after one login or more had failed. @default 5_000 */
  readonly authFail: number;
  /** The same, for a user that does not exist (`isUser`). @default 5_000 */
  readonly invalidUser: number;
  /** It had not logged in when the login grace time was over. @default 10_000 */
  readonly graceExceeded: number;
  /** It left, or broke the protocol, without an attempt to log in. @default 1_000 */
  readonly noAuth: number;
  /** It brought about an error of our own before login. @default 90_000 */
  readonly crash: number;
  /** Penalties add up; a source is refused once more than this has come together. @default 15_000 */
  readonly min: number;
  /** No source has more than this in front of it. @default 600_000 */
  readonly max: number;
  /** IPv4 sources that are remembered, and what happens when there are more. @default 65_536 */
  readonly maxSources4: number;
  /** The same for IPv6. @default 65_536 */
  readonly maxSources6: number;
  /** `permissive` forgets the penalty that ends first; `deny-all` refuses every source but the exempt. @default permissive */
  readonly overflow4: OverflowMode;
  /** The same for IPv6. @default permissive */
  readonly overflow6: OverflowMode;
  /** Networks that are never penalised (sshd PerSourcePenaltyExemptList). @default none */
  readonly exempt: readonly string[];
}

export const overflowModes = ['permissive', 'deny-all'] as const;
type OverflowMode = (typeof overflowModes)[number];

export interface ResolvedAdmission {
  /** Connections in all, logged in or not; 0 means no limit. @default 10_000 */
  readonly maxConnections: number;
  /** Connections that have not logged in yet, of all sources together. */
  readonly startups: StartupOptions;
  /** Connections of one source. */
  readonly source: SourceOptions;
  /** For how long a source is refused after what it did. */
  readonly penalties: PenaltyOptions;
}

export const admissionDefaults: ResolvedAdmission = Object.freeze({
  maxConnections: 10_000,
  startups: Object.freeze({ begin: 10, rate: 30, full: 100 }),
  source: Object.freeze({ maxStartups: 0, maxConnections: 0, ipv4Bits: 32, ipv6Bits: 128 }),
  penalties: Object.freeze({
    enabled: true,
    authFail: 5_000,
    invalidUser: 5_000,
    graceExceeded: 10_000,
    noAuth: 1_000,
    crash: 90_000,
    min: 15_000,
    max: 600_000,
    maxSources4: 65_536,
    maxSources6: 65_536,
    overflow4: 'permissive',
    overflow6: 'permissive',
    exempt: Object.freeze([]),
  } satisfies PenaltyOptions),
});

/** Fill in defaults and check; throws ConfigError. */
export function resolveAdmission(given: AdmissionOptions | undefined): ResolvedAdmission {
  const resolved = filledGroups('admission', given, admissionDefaults);
  check(resolved);
  return resolved;
}

const time = { most: MAX_TIME };
const some = { least: 1 };

function check({ maxConnections, startups, source, penalties }: ResolvedAdmission): void {
  requireWhole('admission', { maxConnections }, { maxConnections: {} });
  requireWhole('admission.startups', startups, { begin: some, rate: { most: 100 }, full: { least: startups.begin } });
  const blocks = { ipv4Bits: { least: 1, most: 32 }, ipv6Bits: { least: 1, most: 128 } };
  requireWhole('admission.source', source, { maxStartups: {}, maxConnections: {}, ...blocks });
  requireWhole('admission.penalties', penalties, {
    ...{ authFail: time, invalidUser: time, graceExceeded: time, noAuth: time, crash: time },
    ...{ min: time, max: { least: penalties.min, ...time }, maxSources4: some, maxSources6: some },
  });
  requireOneOf('admission.penalties.overflow4', penalties.overflow4, overflowModes);
  requireOneOf('admission.penalties.overflow6', penalties.overflow6, overflowModes);
  new NetworkList('admission.penalties.exempt', penalties.exempt);
}
