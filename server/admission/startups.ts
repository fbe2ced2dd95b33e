/**
 * Random early drop of connections that have not logged in, as sshd's MaxStartups: whoever floods us loses most of the
 * connections, and everybody else keeps a chance. sshd_config(5).
 */
import type { StartupOptions } from './options.ts';

/** Whether to drop the next one when `waiting` have not logged in. `random` gives at least 0 and less than 1. */
export function dropsStartup(waiting: number, options: StartupOptions, random: () => number): boolean {
  const percent = dropRate(waiting, options);
  return percent > 0 && random() * 100 < percent;
}

/** In percent: 0 below `begin`, then from `rate` in a straight line to 100 at `full`. */
function dropRate(waiting: number, { begin, rate, full }: StartupOptions): number {
  if (waiting < begin) return 0;
  if (waiting >= full) return 100;
  return rate + ((100 - rate) * (waiting - begin)) / (full - begin);
}
