/** Where widgets differ from Twisted's on purpose. */
import type { LoggedDifference } from './vectors.ts';

export const windowDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'keys that move the selection do not reach it',
    nacre: 'they move it, and stop at the ends',
    why: 'a list is there to choose from. Twisted’s own code means to: on Python 3 it looks for the name of the key among bytes',
    cases: ['Selection paging', 'Selection edges', 'Selection key before first draw'],
    shows: (twisted, ours) =>
      twisted.every(line => /^(row 0|selected one)$/.test(line)) && /row [1-4]/.test(ours.join()),
  },
];
