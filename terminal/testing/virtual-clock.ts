/** Time that stands still until a test moves it. */
import type { Clock } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(delay: number, call: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delay), call };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have not rung. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Let `milliseconds` pass, and ring what is due, in order. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.call();
    }
    this.#now = end;
  }

  /** The first to ring, if that is not after `end`; of several at one time, the one that was set first. */
  #next(end: number): Timer | undefined {
    const [first] = [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
    return first;
  }
}
