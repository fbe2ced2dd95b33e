/** Random early drop, by the numbers of sshd_config(5) MaxStartups. */
import { expect, test } from '@jest/globals';
import { dropsStartup } from '../../../server/admission/startups.ts';

const usual = { begin: 10, rate: 30, full: 100 };

// how many wait · percent that are dropped, of 10:30:100
test.each([
  [0, 0],
  [9, 0],
  [10, 30],
  [55, 65],
  [64, 72],
  [100, 100],
  [1000, 100],
])('with %i waiting, %i in a hundred are dropped', (waiting, percent) => {
  const dropped = Array.from({ length: 100 }, (_, n) => dropsStartup(waiting, usual, () => n / 100));
  expect(dropped.filter(Boolean)).toHaveLength(percent);
});

test('a rate of 0 drops none at the beginning, and 100 all', () => {
  expect(dropsStartup(10, { ...usual, rate: 0 }, () => 0)).toBe(false);
  expect(dropsStartup(10, { ...usual, rate: 100 }, () => 0.999)).toBe(true);
});

test('begin and full may be the same', () => {
  const sharp = { begin: 5, rate: 30, full: 5 };
  expect([dropsStartup(4, sharp, () => 0), dropsStartup(5, sharp, () => 0.999)]).toEqual([false, true]);
});
