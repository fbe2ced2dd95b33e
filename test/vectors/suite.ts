/** Declares the tests of one set of golden cases: each is played, and matches or differs as listed. */
import { describe, expect, test } from '@jest/globals';
import { count, judge, type Log, type LoggedDifference } from './vectors.ts';

interface Named {
  readonly on: string;
  readonly name: string;
}

/** Plays a case: what Twisted did, and what ours does. */
export type Player<Case> = (played: Case) => Promise<{ twisted: Log; ours: Log }>;

export interface Suite<Case extends Named> {
  readonly cases: readonly Case[];
  /** Who plays the cases of each implementation. */
  readonly players: Readonly<Record<string, Player<Case>>>;
  readonly differences: readonly LoggedDifference[];
  /** How many cases of each implementation match, and in how many we differ. */
  readonly counts: Readonly<Record<string, { match: number; differ: number }>>;
}

export function playSuite<Case extends Named>({ cases, players, differences, counts }: Suite<Case>): void {
  const ours = cases.filter(({ on }) => on in players);

  describe.each(Object.entries(players))('%s', (on, play) => {
    test.each(ours.filter(each => each.on === on))('$name', async played => {
      judge(played.name, await play(played), differences);
    });
  });

  test('so many match, and in so many we differ', () => {
    expect(count(ours, differences)).toEqual(counts);
  });

  test('every name in the list of differences is a case here', () => {
    const names = new Set(ours.map(({ name }) => name));
    expect(differences.flatMap(difference => difference.cases).filter(name => !names.has(name))).toEqual([]);
  });
}
