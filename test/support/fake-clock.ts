/** Time that stands still until a test moves it. */
import type { Clock } from '../../terminal/clock.ts';

export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly call: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delay: number, call: () => void): () => void {
    const timer = { at: this.#now + delay, call };
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
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.call();
    }
    this.#now = end;
  }
}
