/** When a host is asked, and when it is given up: in turns of a clock that the test turns. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Watchdog } from '../../../../transport/process/host/watchdog.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function watch(answerTime: number): { readonly dog: Watchdog; readonly calls: string[] } {
  const calls: string[] = [];
  const dog = new Watchdog(answerTime, { ask: () => calls.push('ask'), giveUp: () => calls.push('give up') });
  return { dog, calls };
}

test('silence is asked about once, and given up once, when the time is over', () => {
  const { calls } = watch(1_000);
  jest.advanceTimersByTime(100);
  expect(calls).toEqual(['ask']);
  jest.advanceTimersByTime(900);
  expect(calls).toEqual(['ask']);
  jest.advanceTimersByTime(100);
  expect(calls).toEqual(['ask', 'give up']);
  jest.advanceTimersByTime(100_000);
  expect(calls).toEqual(['ask', 'give up']);
});

test('one that answers is asked again and again, and never given up', () => {
  const { dog, calls } = watch(1_000);
  for (let answer = 0; answer < 50; answer += 1) {
    jest.advanceTimersByTime(1_000);
    dog.heard();
  }
  expect(new Set(calls)).toEqual(new Set(['ask']));
  expect(calls).toHaveLength(50);
});

test('stopped, or with no limit, it does nothing', () => {
  const stopped = watch(1_000);
  stopped.dog.stop();
  const unlimited = watch(0);
  jest.advanceTimersByTime(100_000);
  expect([stopped.calls, unlimited.calls]).toEqual([[], []]);
});
