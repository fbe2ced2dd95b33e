/** Timers by name: each is set, set anew or cleared, and none outlives the one who has them. */
import { LateMap } from '../../transport/late-map.ts';

export class Deadlines<Name extends string> {
  readonly #timers = new LateMap<Name, NodeJS.Timeout>();
  readonly #reached: (name: Name) => void;
  #over = false;

  constructor(reached: (name: Name) => void) {
    this.#reached = reached;
  }

  /** From now on, in milliseconds; 0 means never. Replaces the one of this name. */
  set(name: Name, milliseconds: number): void {
    this.clear(name);
    if (milliseconds > 0 && !this.#over) this.#timers.set(name, setTimeout(this.#reached, milliseconds, name));
  }

  clear(...names: Name[]): void {
    for (const name of names) {
      clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    }
  }

  /** All of them, for good. */
  close(): void {
    this.#over = true;
    this.clear(...this.#timers.keys());
  }
}
