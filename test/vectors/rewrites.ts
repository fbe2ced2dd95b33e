/** Ways in which one log is another, for lists of differences. */
import type { Log } from './vectors.ts';

export type Rewrite = (log: Log) => Log;

export const without =
  (pattern: RegExp): Rewrite =>
  log =>
    log.filter(line => !pattern.test(line));

export const replacing =
  (pattern: RegExp, by: string): Rewrite =>
  log =>
    log.map(line => line.replace(pattern, by));

/** The log up to the first line that `pattern` matches, then these. */
export const until =
  (pattern: RegExp, ...then: readonly string[]): Rewrite =>
  log => [
    ...log.slice(
      0,
      log.findIndex(line => pattern.test(line)),
    ),
    ...then,
  ];

/** Ours is this, whatever Twisted's is: for a case that differs from the first line on. */
export const always =
  (...log: readonly string[]): Rewrite =>
  () =>
    log;
