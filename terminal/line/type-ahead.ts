/** What is typed while nobody reads: kept in order, up to a limit. */
import type { Keystroke, Paste } from '../keystroke.ts';

export class TypeAhead {
  readonly #limit: number;
  #typed: (Keystroke | Paste)[] = [];
  #size = 0;

  /** `limit` counts keystrokes, and UTF-16 units of pastes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns whether there was room. */
  keep(typed: Keystroke | Paste): boolean {
    if (this.#size + sizeOf(typed) > this.#limit) return false;
    this.#size += sizeOf(typed);
    this.#typed.push(typed);
    return true;
  }

  /** The oldest. */
  take(): Keystroke | Paste | undefined {
    const [next] = this.#typed.splice(0, 1);
    if (next) this.#size -= sizeOf(next);
    return next;
  }

  drop(): void {
    this.#typed = [];
    this.#size = 0;
  }
}

const sizeOf = (typed: Keystroke | Paste): number => ('key' in typed ? 1 : typed.text.length);
