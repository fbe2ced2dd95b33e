/** Reads the golden cases, and keeps the list of those in which we differ from Twisted on purpose. */
import { readFileSync } from 'node:fs';

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

export const loadCases = <Case>(file: string): Case[] =>
  (JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { cases: Case[] }).cases;

/** The bytes of `{ "b": hex }`. */
export const bytesOf = ({ b }: { readonly b: string }): Buffer => Buffer.from(b, 'hex');

/** Whether `name` is a case in which we differ. */
export const isDifferent = (differences: readonly Difference[], name: string): boolean =>
  differences.some(({ cases }) => cases.includes(name));
