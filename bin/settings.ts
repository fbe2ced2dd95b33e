/**
 * The settings of `nacre serve`: names, meanings, units, defaults. The configuration file, the flags and
 * `--print-config` all come from this table. There is no default that lets anybody in.
 */
import { z } from 'zod';
import { listenDefaults } from '../server/index.ts';
import type { AlgorithmProfile } from '../ssh/algorithms.ts';
import { durationText, parseDuration } from './duration.ts';
import { listenAddressText, parseListenAddress } from './listen-address.ts';
import { logFormats } from './logger.ts';

/** YAML takes `30`, `yes:` and the like for something else than text. */
const plainText = z.string({
  error: ({ input }) => `${JSON.stringify(input) ?? 'nothing'} is not text; put it in quotation marks`,
});

/** A string that `parse` turns into something, or says what is wrong with. */
const parsed = <T>(parse: (text: string) => T | string) =>
  plainText.transform((text, context): T => {
    const value = parse(text);
    if (typeof value !== 'string') return value;
    context.addIssue({ code: 'custom', message: value });
    return z.NEVER;
  });

/** YAML reads a time without a unit as a number; what is wrong with it is for parseDuration to say. */
const duration = z.preprocess(value => (typeof value === 'number' ? String(value) : value), parsed(parseDuration));
const path = plainText.min(1, 'must not be empty');
const count = z.int('must be a whole number').min(1, 'must be at least 1');

const list = <T extends z.ZodType>(item: T) => z.array(item, 'must be a list');

const algorithmNames = ['modern', 'strict', 'compatible'] as const satisfies readonly AlgorithmProfile[];

export const programChoices = ['host', 'direct'] as const;

const fields = {
  /** Addresses to listen on, `HOST:PORT`, IPv6 in brackets; port 0 means any free port. */
  listen: list(parsed(parseListenAddress)).min(1, 'at least one address is needed'),
  /** Host key files, at most one of each type. */
  hostKeys: list(path),
  /** Who may log in; read anew at each login. */
  authorizedKeys: path.nullable(),
  /** How to log; null means pretty on a terminal and json elsewhere. */
  log: z.enum(logFormats, `must be one of ${logFormats.join(', ')}`).nullable(),
  /** Which algorithms to offer: `compatible` adds older ones for older clients, `strict` is post-quantum only. */
  algorithms: z.enum(algorithmNames, `must be one of ${algorithmNames.join(', ')}`),
  /** Which process starts programs: `host`, a small one beside the server, or `direct`, the server itself. */
  programs: z.enum(programChoices, `must be one of ${programChoices.join(', ')}`),
  /** How long to wait for running sessions when stopping. */
  drainTime: duration,
  /** Drop a connection that has not logged in by then; 0 means never. */
  loginGraceTime: duration,
  /** Failed logins after which a connection is ended. */
  maxAuthTries: count,
  /** Sessions one connection may hold open. */
  maxSessions: count,
};

/** What may stand in a configuration file: any of the settings, and nothing else. */
export const settingsSchema = z.strictObject(fields, 'must be a list of settings, `name: value`').partial();

/** As settings are after defaults: complete; times in milliseconds. */
export type Settings = Readonly<z.output<z.ZodObject<typeof fields>>>;

/** Some settings, as a file or the flags give them. */
export type SomeSettings = z.output<typeof settingsSchema>;

export const settingNames: readonly string[] = Object.keys(fields);

export const defaultSettings: Settings = Object.freeze({
  listen: [{ host: '127.0.0.1', port: 2222 }],
  hostKeys: [],
  authorizedKeys: null,
  log: null,
  algorithms: listenDefaults.algorithms,
  programs: 'host',
  drainTime: 30_000,
  loginGraceTime: listenDefaults.loginGraceTime,
  maxAuthTries: listenDefaults.maxAuthTries,
  maxSessions: listenDefaults.maxSessions,
});

/** As a file would say it, so that it can be fed back. */
export const writtenSettings = (settings: Settings): Record<keyof Settings, unknown> => ({
  ...settings,
  listen: settings.listen.map(listenAddressText),
  drainTime: durationText(settings.drainTime),
  loginGraceTime: durationText(settings.loginGraceTime),
});
