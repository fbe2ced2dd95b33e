/**
 * A list that can be waited for: entries are written down as they happen, and a test waits for what it expects.
 *
 * Waiting is by event, never by sleeping; a wait that is in vain ends at its deadline and says what was seen.
 */
import { PATIENCE } from './patience.ts';

export class Journal<T> {
  readonly entries: T[] = [];
  readonly #waiters = new Set<() => void>();

  note(entry: T): void {
    this.entries.push(entry);
    this.wake();
  }

  /** Something that a predicate may look at has changed. */
  wake(): void {
    for (const look of [...this.#waiters]) look();
  }

  /** Resolves when `predicate` holds, looked at now and after each entry. Rejects after `deadline` milliseconds. */
  async until(predicate: () => boolean, what: string, deadline = PATIENCE): Promise<void> {
    if (predicate()) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        then();
      };
      const look = (): void => {
        if (predicate()) settle(resolve);
      };
      const late = (): Error => new Error(`waited ${deadline} ms for ${what}; seen: ${JSON.stringify(this.entries)}`);
      const timer = setTimeout(() => settle(() => reject(late())), deadline);
      this.#waiters.add(look);
    });
  }

  /** Whether `predicate` comes to hold within `deadline` milliseconds. */
  async comes(predicate: () => boolean, deadline: number): Promise<boolean> {
    return this.until(predicate, 'it', deadline).then(
      () => true,
      () => false,
    );
  }
}
