/**
 * Notices silence. Every byte passes `touch`, so that it only looks at the clock; the timer is set anew when it has run
 * out too early, not for every byte.
 */
export class IdleWatch {
  readonly #limit: number;
  readonly #reached: () => void;
  #last = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** `limit` in milliseconds; 0 means that silence is fine. */
  constructor(limit: number, reached: () => void) {
    this.#limit = limit;
    this.#reached = reached;
    if (limit > 0) this.#wait(limit);
  }

  touch(): void {
    if (this.#limit > 0) this.#last = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#look(), milliseconds);
  }

  #look(): void {
    const left = Math.ceil(this.#limit - (performance.now() - this.#last));
    if (left > 0) this.#wait(left);
    else this.#reached();
  }
}
