/**
 * The effective configuration of `nacre serve`: flags over the file over the defaults.
 *
 * Everything wrong with a file is reported at once, each with its line. Throws ConfigError. The settings themselves are
 * in settings.ts. Paths in a file begin at the file's directory, paths in flags at the current one.
 */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, stringify, type Document } from 'yaml';
import type { z } from 'zod';
import { errorCode } from '../keys/error-code.ts';
import { ConfigError } from '../transport/errors.ts';
import { nearest } from '../server/nearest.ts';
import { absolutePath } from './paths.ts';
import {
  completed,
  defaultSettings,
  settingsSchema,
  writtenSettings,
  type Settings,
  type SomeSettings,
} from './settings.ts';

/** Flags that were given, as written; the others absent. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Where relative paths begin, and what `~` is. */
export interface Place {
  readonly directory: string;
  readonly home: string;
}

/** The complete configuration, with absolute paths. */
export async function effectiveSettings(flags: ConfigFlags, place: Place): Promise<Settings> {
  const fromFile = flags.config === undefined ? {} : await readConfigFile(flags.config, place);
  const fromFlags = withAbsolutePaths(checkFlags(flags.settings), place);
  return Object.freeze({ ...defaultSettings, ...given(fromFile), ...given(fromFlags), ...completed(fromFile) });
}

/** The configuration as YAML that `--config` takes. */
export const printSettings = (settings: Settings): string => stringify(writtenSettings(settings));

async function readConfigFile(file: string, { directory, home }: Place): Promise<SomeSettings> {
  const path = absolutePath(file, directory, home);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError(file, `cannot be read (${errorCode(error) ?? 'unknown error'})`);
  });
  return withAbsolutePaths(parseConfig(text, file), { directory: dirname(path), home });
}

/** Read the text of a configuration file; `name` is how complaints call it. */
export function parseConfig(text: string, name: string): SomeSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${name}:${lines.linePos(offset).line}`;
  refuse(document.errors.map(({ pos: [offset], message }) => [at(offset), message]));
  const content: unknown = document.toJS();
  const result = settingsSchema.safeParse(content ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(explain);
  const placed = problems.map(({ path, says }) => ({ offset: offsetOf(document, path), says: inFile(path, says) }));
  refuse(placed.sort((a, b) => a.offset - b.offset).map(({ offset, says }) => [at(offset), says]));
  return {};
}

/** An item of a list is told from its neighbours by its line; so the name of the setting is enough. */
function inFile(path: Path, says: string): string {
  const known = path.findLastIndex((_, index) => knownBelow(path.slice(0, index)).includes(String(path[index])));
  return known < 0 ? says : `${path.slice(0, known + 1).join('.')}: ${says}`;
}

/** The settings that there are in the group at `path`. */
function knownBelow(path: Path): string[] {
  const below = path.reduce<unknown>(
    (group, key) => Object.entries(group ?? {}).find(([n]) => n === key)?.[1],
    defaultSettings,
  );
  return typeof below === 'object' && below !== null && !Array.isArray(below) ? Object.keys(below) : [];
}

function checkFlags(settings: Readonly<Record<string, unknown>>): SomeSettings {
  const result = settingsSchema.safeParse(settings);
  if (result.success) return result.data;
  refuse(result.error.issues.flatMap(explain).map(({ path, says }) => [`--${flagName(String(path[0]))}`, says]));
  return {};
}

const flagName = (setting: string): string =>
  setting === 'hostKeys' ? 'host-key' : setting.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

type Path = readonly PropertyKey[];

/** What zod found, as sentences for a person, each at the place it is about. */
function explain(issue: z.core.$ZodIssue): Array<{ path: Path; says: string }> {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, says: issue.message }];
  return issue.keys.map(key => ({
    path: [...issue.path, key],
    says: `unknown key '${key}'${suggestion(key, knownBelow(issue.path))}`,
  }));
}

function suggestion(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === undefined ? `; known are ${known.join(', ')}` : `; did you mean '${near}'?`;
}

/** Where in the text `path` begins: its key if it has one, otherwise the value. */
function offsetOf(document: Document.Parsed, path: Path): number {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const key = path.at(-1);
  const pair = isMap(parent) ? parent.items.find(item => isScalar(item.key) && item.key.value === key) : undefined;
  const node: unknown = pair?.key ?? (path.length > 0 ? document.getIn(path, true) : document.contents);
  return isScalar(node) || isMap(node) ? (node.range?.[0] ?? 0) : 0;
}

const withAbsolutePaths = (settings: SomeSettings, { directory, home }: Place): SomeSettings => ({
  ...settings,
  hostKeys: settings.hostKeys?.map(path => absolutePath(path, directory, home)),
  nextHostKeys: settings.nextHostKeys?.map(path => absolutePath(path, directory, home)),
  authorizedKeys: settings.authorizedKeys && absolutePath(settings.authorizedKeys, directory, home),
  users:
    settings.users &&
    Object.fromEntries(
      Object.entries(settings.users).map(([name, user]) => [name, absoluteUser(user, { directory, home })]),
    ),
});

const absoluteUser = (user: Settings['users'][string], { directory, home }: Place): Settings['users'][string] => ({
  ...user,
  ...(user.authorizedKeys === undefined ? {} : { authorizedKeys: absolutePath(user.authorizedKeys, directory, home) }),
});

/** Only what is there: an absent setting must not hide the one below it. */
const given = (settings: SomeSettings): Partial<Settings> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

/** Throws if there is anything to say; the first names the ConfigError, the others follow on lines of their own. */
function refuse(problems: Array<[where: string, says: string]>): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  throw new ConfigError(first[0], [first[1], ...more.map(([where, says]) => `${where}: ${says}`)].join('\n'));
}
