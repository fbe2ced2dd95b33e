/**
 * Time that a test moves, for everything in its process that sets a timer: nothing is late however slow the machine is.
 *
 * Sockets, key exchanges and the event loop go on by themselves.
 */
import { jest } from '@jest/globals';
import { closeAfterTest } from './cleanup.ts';

export interface HeldTime {
  /** Let milliseconds go by, and ring what is due. */
  readonly pass: (milliseconds: number) => void;
  /** How many timers have not rung. */
  readonly waiting: () => number;
}

/** Hold the time until the test ends; nothing rings by itself, not even deadlines of tests, so that Jest's alone is left. */
export function holdTime(): HeldTime {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'queueMicrotask', 'nextTick'] });
  closeAfterTest(() => void jest.useRealTimers());
  return {
    pass: milliseconds => void jest.advanceTimersByTime(milliseconds),
    waiting: () => jest.getTimerCount(),
  };
}
