/** How much of the peer's window is used at a time: enough for one that is near, all of it for others. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { SendWindow } from '../../ssh/send-window.ts';

const KIB = 1024;
const WINDOW = 2048 * KIB;

let opened = 0;
let window: SendWindow;
beforeEach(() => {
  jest.useFakeTimers();
  opened = 0;
  window = new SendWindow(WINDOW, { roomAgain: () => (opened += 1) });
});
afterEach(() => void jest.useRealTimers());

/** Send in slices what there is room for, and answer how much that is. */
function fill(): number {
  let sent = 0;
  for (let { room } = window; room > 0; { room } = window) {
    const slice = Math.min(room, 32 * KIB);
    window.sent(slice);
    sent += slice;
  }
  return sent;
}

/** The peer grants all that is under way, the first step after `delay` milliseconds, and the others at once. */
function answer(bytes: number, step: number, delay: number): void {
  jest.advanceTimersByTime(delay);
  for (let granted = 0; granted < bytes; granted += step) window.granted(step);
}

describe('all of a window is used', () => {
  test('until the peer has answered', () => {
    expect(fill()).toBe(WINDOW);
  });

  // steps of the peer's grants, and how long the first is under way
  const others: Array<[who: string, step: number, delay: number]> = [
    ['is far', 64 * KIB, 10],
    ['grants in steps of half a window', WINDOW / 2, 0],
  ];
  test.each(others)('if the peer %s', (_who, step, delay) => {
    answer(fill(), step, delay);
    expect(fill()).toBe(WINDOW);
  });
});

describe('to a peer that is near goes', () => {
  // steps of the peer's grants, how long its answer takes, and what is under way from then on
  const near: Array<[what: string, step: number, delay: number, bytes: number]> = [
    ['a quarter of a megabyte', 64 * KIB, 0, 256 * KIB],
    ['three of its steps', 128 * KIB, 0, 384 * KIB],
    ['what it may take in the time of an answer', 64 * KIB, 1, 1024 * KIB],
  ];
  test.each(near)('%s, and more as it grants more', (_what, step, delay, bytes) => {
    answer(fill(), step, delay);
    expect(fill()).toBe(bytes);
    answer(step, step, delay);
    expect(fill()).toBe(step);
  });

  test('no more when its answers take longer, because of what is before them', () => {
    answer(fill(), 64 * KIB, 0);
    answer(fill(), 64 * KIB, 4);
    expect(fill()).toBe(256 * KIB);
  });
});

describe('a peer that seemed near and grants nothing', () => {
  beforeEach(() => answer(fill(), 64 * KIB, 0));

  test('gets all of its window after a while, and until it answers quickly', () => {
    const held = fill();
    window.waitForRoom();
    jest.advanceTimersByTime(19);
    expect([opened, window.room]).toEqual([0, 0]);
    jest.advanceTimersByTime(2);
    expect([opened, window.room]).toEqual([1, WINDOW - held]);
    answer(held + fill(), 64 * KIB, 0);
    expect(fill()).toBe(WINDOW);
    answer(WINDOW, 64 * KIB, 0);
    expect(fill()).toBe(256 * KIB);
  });

  test('gets no more where its grant was only read late', () => {
    fill();
    window.waitForRoom();
    const { setImmediate } = globalThis;
    jest.spyOn(globalThis, 'setImmediate').mockImplementation(run => {
      window.granted(64 * KIB);
      return setImmediate(run);
    });
    jest.advanceTimersByTime(22);
    jest.restoreAllMocks();
    expect([opened, window.room]).toEqual([0, WINDOW - 192 * KIB]);
  });

  test('does not, if nothing waits', () => {
    fill();
    expect(jest.getTimerCount()).toBe(0);
  });

  const ends: Array<[what: string, end: () => void]> = [
    ['it grants something', () => window.granted(1)],
    ['nothing more is to be sent', () => window.close()],
  ];
  test.each(ends)('is waited for no longer once %s', (_what, end) => {
    fill();
    window.waitForRoom();
    window.waitForRoom();
    expect(jest.getTimerCount()).toBe(1);
    end();
    expect(jest.getTimerCount()).toBe(0);
  });
});

test('a peer that has granted no more is waited for without a limit', () => {
  fill();
  window.waitForRoom();
  expect(jest.getTimerCount()).toBe(0);
});
