/** When keys are due and when they are too old: each count by itself, without a connection. RFC 4253 §9, RFC 4344 §3.1. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { KeyAge, keyLimitDefaults, type KeyLimits } from '../../ssh/key-age.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Keys that have just been exchanged, and what is said of them. */
function newKeys(limits: KeyLimits): { age: KeyAge; said: string[] } {
  const said: string[] = [];
  const owner = { rekey: () => said.push('due'), exchangeLate: (error: Error) => said.push(error.message) };
  const age = new KeyAge({ ...keyLimitDefaults, rekeyTime: 0, ...limits }, owner);
  age.renewed();
  return { age, said };
}

// the limit, what reaches it when it happens for the tenth time, and not before
const tenTimes: Array<[what: string, limits: KeyLimits, step: (age: KeyAge) => void]> = [
  ['bytes sent', { rekeyBytes: 1_000 }, age => age.sent(100)],
  ['bytes received', { rekeyBytes: 1_000 }, age => age.receivedBytes(100)],
  ['bytes either way', { rekeyBytes: 1_000 }, age => [age.sent(50), age.receivedBytes(50)]],
  ['packets sent', { rekeyPackets: 10 }, age => age.sent(1)],
  ['packets received', { rekeyPackets: 10 }, age => age.received()],
  ['packets one way, whatever goes the other', { rekeyPackets: 10 }, age => [age.sent(1), age.received()]],
  ['time', { rekeyTime: 1_000 }, () => jest.advanceTimersByTime(100)],
];

for (const [what, limits, step] of tenTimes) {
  test(`${what}: new keys are due at the limit, not before, and counted from there again`, () => {
    const { age, said } = newKeys(limits);
    for (let round = 0; round < 2; round += 1) {
      for (let steps = 0; steps < 9; steps += 1) step(age);
      expect(said.splice(0)).toEqual([]);
      step(age);
      expect(new Set(said.splice(0))).toEqual(new Set(['due']));
      age.renewed();
    }
    age.stop();
  });
}

test('twice as many packets as are due are taken from nobody', () => {
  const { age } = newKeys({ rekeyPackets: 10 });
  for (let packets = 0; packets < 19; packets += 1) age.received();
  expect(() => age.received()).toThrow(new RemoteProtocolError('RFC 4344 §3.1', '20 packets under the same keys'));
});

test('an exchange has its time limit in place of the keys’ own, and none once it is over', () => {
  const { age, said } = newKeys({ rekeyTime: 500, rekeyTimeout: 1_000 });
  age.exchanging();
  jest.advanceTimersByTime(999);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(said.splice(0)).toEqual([expect.stringMatching(/not over after 1000 ms/)]);
  age.renewed();
  jest.advanceTimersByTime(500);
  expect(said).toEqual(['due']);
});

test('a link that has ended leaves no clock behind', () => {
  const { age } = newKeys({ rekeyTime: 1_000 });
  expect(jest.getTimerCount()).toBe(1);
  age.stop();
  expect(jest.getTimerCount()).toBe(0);
});
