/**
 * Reads the golden cases, and keeps the list of those in which we differ from Twisted on purpose.
 *
 * A case is played on our object and on paper, and both become a log: what happened, one line each, in the words of
 * Twisted. `judge` holds the two logs to each other; a difference counts only if it is listed, and shows as it says.
 */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** One way in which nacre differs on purpose. docs/twisted.md shows them all. */
export interface Difference {
  /** What Twisted does, in a phrase. */
  readonly twisted: string;
  /** What nacre does instead. */
  readonly nacre: string;
  /** Why: a promise of transport/contracts.ts, a section of an RFC, or what went wrong. */
  readonly why: string;
  /** Names of the golden cases in which this shows. */
  readonly cases: readonly string[];
}

/** What happened, one line each, in order. */
export type Log = readonly string[];

/** A difference between two logs. It has to say how they differ: by a rule, or by what can be seen in them. */
export interface LoggedDifference extends Difference {
  /** Twisted's log as ours would be if this were the only difference. */
  readonly rewrite?: (twisted: Log) => Log;
  /** Whether the logs differ in this way, where no rule tells what ours is. */
  readonly shows?: (twisted: Log, ours: Log) => boolean;
}

export const loadCases = <Case>(file: string): Case[] =>
  (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { cases: Case[] }).cases;

/** The bytes of `{ "b": hex }`. */
export const bytesOf = ({ b }: { readonly b: string }): Buffer => Buffer.from(b, 'hex');

/** Whether `name` is a case in which we differ. */
export const isDifferent = (differences: readonly Difference[], name: string): boolean =>
  differences.some(({ cases }) => cases.includes(name));

/** The same log, unless the case is in a list; then another one, in the way that the list says. */
export function judge(name: string, logs: { twisted: Log; ours: Log }, differences: readonly LoggedDifference[]): void {
  const { ours } = logs;
  let { twisted } = logs;
  const listed = differences.filter(({ cases }) => cases.includes(name));
  for (const { rewrite, nacre } of listed) {
    const rewritten = rewrite?.(twisted) ?? twisted;
    if (rewrite && rewritten.join() === twisted.join()) throw new Error(`stale: this case does not show "${nacre}"`);
    twisted = rewritten;
  }
  const seen = listed.filter(({ shows }) => shows);
  if (seen.length === 0) return expect(ours).toEqual(twisted);
  expect(ours).not.toEqual(twisted);
  for (const { shows, nacre } of seen) {
    if (!shows?.(twisted, ours))
      throw new Error(`not as listed: "${nacre}"\n${JSON.stringify({ twisted, ours }, null, 1)}`);
  }
}

/** How many cases of each implementation match, and in how many we differ. */
export function count(cases: ReadonlyArray<{ on: string; name: string }>, differences: readonly Difference[]) {
  const counts: Record<string, { match: number; differ: number }> = {};
  for (const { on, name } of cases) {
    const row = (counts[on] ??= { match: 0, differ: 0 });
    row[isDifferent(differences, name) ? 'differ' : 'match'] += 1;
  }
  return counts;
}

/** Longer bytes are written as how many they are, as the recorder did. */
const LONGEST_SHOWN = 200;

/** Bytes as a line of a log shows them. */
export const shown = (bytes: Uint8Array): string =>
  bytes.length > LONGEST_SHOWN ? `<${bytes.length} bytes>` : JSON.stringify(Buffer.from(bytes).toString('latin1'));

/** A recorded value, as a line of a log shows it. */
export function shownValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('b' in value) return shown(bytesOf(value as { b: string }));
  if ('len' in value) return `<${String(value.len)} bytes>`;
  return JSON.stringify(value);
}

/** The bytes of a recorded argument; text and nothing stay what they are, for they are there to be refused. */
export function argument(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(argument);
  if (typeof value !== 'object' || value === null) return value;
  if ('b' in value) return bytesOf(value as { b: string });
  if ('repeat' in value && 'times' in value) {
    return Buffer.from(String(value.repeat).repeat(Number(value.times)), 'hex');
  }
  return value;
}
