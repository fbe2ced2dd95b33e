/**
 * The settings of `nacre serve`: names, meanings, units, defaults. The configuration file, the flags and
 * `--print-config` all come from this table. There is no default that lets anybody in.
 */
import { z } from 'zod';
import { algorithms } from './algorithm-setting.ts';
import { accountFields, completedSystem, completeSystem, defaultAccounts, givenSystem } from './account-settings.ts';
import { resolveAdmission } from '../server/admission/options.ts';
import { resolveProxy } from '../server/admission/proxy-options.ts';
import { resolveLimits } from '../server/limits/options.ts';
import { listenDefaults } from '../server/index.ts';
import { listenAddressText, parseListenAddress } from './listen-address.ts';
import { completeGroups, givenGroups } from './limit-settings.ts';
import { logFormats } from './logger.ts';
import { count, duration, group, list, oneOf, parsed, path, size } from './setting-kinds.ts';

export const programChoices = ['host', 'direct'] as const;

const fields = {
  /** Addresses to listen on, `HOST:PORT`, IPv6 in brackets; port 0 means any free port. */
  listen: list(parsed(parseListenAddress, listenAddressText)).min(1, 'at least one address is needed'),
  /** Host key files, at most one of each type. */
  hostKeys: list(path),
  /** Host key files for the future: told to clients that learn host keys, and not used yet. */
  nextHostKeys: list(path),
  /** Who may log in; read anew at each login. */
  authorizedKeys: path.nullable(),
  /** Who may log in: `self`, only who runs nacre; `system`, the machine's users; `virtual`, those of `users`. */
  ...accountFields,
  /** How to log; null means pretty on a terminal and json elsewhere. */
  log: oneOf(logFormats).nullable(),
  /** Which algorithms to offer: `compatible` adds older ones for older clients, `strict` is post-quantum only; or lists. */
  algorithms,
  /** Which process starts programs where the addon is not built: `host`, a small one beside the server, or `direct`, the server itself. With it, the server does. */
  programs: oneOf(programChoices),
  /** How long to wait for running sessions when stopping. */
  drainTime: duration,
  /** Drop a connection that has not logged in by then; 0 means never. */
  loginGraceTime: duration,
  /** Failed logins after which a connection is ended. */
  maxAuthTries: count,
  /** Sessions one connection may hold open. */
  maxSessions: count,
  /** Exchange new keys after so many bytes, both directions together. */
  rekeyBytes: size,
  /** Exchange new keys after so much time; 0 means only by bytes and packets. */
  rekeyTime: duration,
  /** End a connection whose exchange of new keys is not over by then; 0 means never. */
  rekeyTimeout: duration,
  /** Ask a client that has said nothing for so long whether it is there; 0 means never. */
  clientAliveInterval: duration,
  /** Questions in a row that it may leave unanswered. */
  clientAliveCountMax: z.int('must be a whole number').min(0, 'must be at least 0'),
};

/** What may stand in a configuration file: any of the settings, and nothing else. */
export const settingsSchema = group({ ...fields, ...givenSystem, ...givenGroups }).partial();

const completeSchema = group({ ...fields, ...completeSystem, ...completeGroups });

/** As settings are after defaults: complete; times in milliseconds. */
export type Settings = Readonly<z.output<typeof completeSchema>>;

/** Some settings, as a file or the flags give them. */
export type SomeSettings = z.output<typeof settingsSchema>;

export const settingNames: readonly string[] = Object.keys(completeSchema.shape);

export const defaultSettings: Settings = Object.freeze({
  listen: [{ host: '127.0.0.1', port: 2222 }],
  hostKeys: [],
  nextHostKeys: [],
  authorizedKeys: null,
  ...defaultAccounts,
  log: null,
  algorithms: listenDefaults.algorithms,
  programs: 'host',
  drainTime: 30_000,
  loginGraceTime: listenDefaults.loginGraceTime,
  maxAuthTries: listenDefaults.maxAuthTries,
  maxSessions: listenDefaults.maxSessions,
  rekeyBytes: listenDefaults.rekeyBytes,
  rekeyTime: listenDefaults.rekeyTime,
  rekeyTimeout: listenDefaults.rekeyTimeout,
  clientAliveInterval: listenDefaults.clientAliveInterval,
  clientAliveCountMax: listenDefaults.clientAliveCountMax,
  ...completed({}),
});

/** Groups with their defaults, and checked as a whole. Throws ConfigError. */
export function completed({ system, admission, limits, proxyProtocol }: SomeSettings): Pick<Settings, Groups> {
  const { penalties, ...others } = resolveAdmission(admission);
  const proxy = resolveProxy(proxyProtocol);
  return {
    system: completedSystem(system),
    admission: { ...others, penalties: { ...penalties, exempt: [...penalties.exempt] } },
    limits: resolveLimits(limits),
    proxyProtocol: { ...proxy, trusted: [...proxy.trusted] },
  };
}

type Groups = keyof typeof completeGroups | keyof typeof completeSystem;

/** As a file would say it, so that it can be fed back. */
export const writtenSettings = (settings: Settings): unknown => z.encode(completeSchema, settings);
