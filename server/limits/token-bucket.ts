/** A token bucket: so many at once, so many in each second on average. No timer: time is looked at when one is taken. */
const clock = (): number => performance.now();

export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #last: number;

  /** `perSecond` 0 means no limit; `now` in milliseconds, never going back. */
  constructor(rate: { readonly perSecond: number; readonly burst: number }, now = clock) {
    this.#perSecond = rate.perSecond;
    this.#burst = rate.burst;
    this.#now = now;
    this.#tokens = rate.burst;
    this.#last = now();
  }

  /** Take one; false if there is none. */
  take(): boolean {
    if (this.#perSecond === 0) return true;
    const now = this.#now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#last) * this.#perSecond) / 1000);
    this.#last = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
