/**
 * Groups of options: filled up from their defaults and checked. What is wrong is a ConfigError with the whole path.
 */
import { ConfigError } from './errors.ts';

/** A group as somebody gives it: any of its options. */
export type Given<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

/** An option that is there but undefined counts as not given; one that there is no default for does not exist. */
export function filled<T extends object>(path: string, given: Given<T> | undefined, defaults: T): T {
  const entries = Object.entries(given ?? {});
  const unknown = entries.find(([name]) => !Object.hasOwn(defaults, name));
  if (unknown) throw new ConfigError(`${path}.${unknown[0]}`, 'there is no such option');
  return { ...defaults, ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)) };
}

/** A group with groups in it, as somebody gives it: any of its options, and any of theirs. */
export type GivenGroups<T> = {
  readonly [Name in keyof T]?: (T[Name] extends object ? Given<T[Name]> : T[Name]) | undefined;
};

/** `filled`, for a group and for the groups in it. */
export function filledGroups<T extends object>(path: string, given: GivenGroups<T> | undefined, defaults: T): T {
  const standards = new Map<string, unknown>(Object.entries(defaults));
  const values = new Map<string, unknown>(Object.entries(filled<object>(path, given, defaults)));
  const entries = Array.from(values, ([name, value]) => {
    const standard = standards.get(name);
    return [name, isGroup(standard) ? filledGroup(`${path}.${name}`, value, standard) : value] as const;
  });
  return Object.freeze({ ...defaults, ...Object.fromEntries(entries) });
}

function filledGroup(path: string, given: unknown, defaults: object): object {
  if (!isGroup(given)) throw new ConfigError(path, 'must be a group of options');
  return filled(path, given, defaults);
}

const isGroup = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** What a number may be, both ends included. @default 0 and up */
export interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** The longest that a timer can wait, in milliseconds: 24 days. */
export const MAX_TIME = 2 ** 31 - 1;

/** Check the named numbers of a group. */
export function requireWhole<Name extends string>(
  path: string,
  group: Readonly<Record<NoInfer<Name>, number>>,
  ranges: Readonly<Record<Name, Range>>,
): void {
  for (const name in ranges) {
    const { least = 0, most = Number.MAX_SAFE_INTEGER } = ranges[name];
    const value = group[name];
    if (Number.isSafeInteger(value) && value >= least && value <= most) continue;
    const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new ConfigError(`${path}.${name}`, `must be a whole number ${bounds}, got ${value}`);
  }
}

/** Check that `value` is one of a few words. */
export function requireOneOf(option: string, value: string, words: readonly string[]): void {
  if (!words.includes(value)) throw new ConfigError(option, `must be one of ${words.join(', ')}`);
}
