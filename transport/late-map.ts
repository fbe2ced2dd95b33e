/**
 * A map that there is only while something is in it.
 *
 * Most of what a connection may have to remember it never has to, and an empty Map takes up 200 bytes.
 */
export class LateMap<Key, Value> {
  #entries: Map<Key, Value> | undefined;

  get size(): number {
    return this.#entries?.size ?? 0;
  }

  get(key: Key): Value | undefined {
    return this.#entries?.get(key);
  }

  has(key: Key): boolean {
    return this.#entries?.has(key) === true;
  }

  set(key: Key, value: Value): void {
    this.#entries ??= new Map();
    this.#entries.set(key, value);
  }

  /** Whether it was there. */
  delete(key: Key): boolean {
    const wasThere = this.#entries?.delete(key) === true;
    if (this.#entries?.size === 0) this.#entries = undefined;
    return wasThere;
  }

  clear(): void {
    this.#entries = undefined;
  }

  /** In the order in which they were put in. */
  keys(): Iterable<Key> {
    return this.#entries?.keys() ?? [];
  }

  /** In the order in which they were put in. */
  values(): Iterable<Value> {
    return this.#entries?.values() ?? [];
  }
}
