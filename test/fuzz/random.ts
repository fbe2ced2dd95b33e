/**
 * Random numbers that come again: the same seed gives the same numbers on every machine.
 *
 * The generator is mulberry32, which is small and good enough to choose test cases by; nothing here is a secret.
 */
const { floor, imul } = Math;

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** One of a run of generators that do not follow each other, so that each can be had alone. */
  static of(seed: number, index: number): Random {
    return new Random(imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ imul(index + 1, 0xc2b2_ae35));
  }

  /** From 0 up to, and not including, `bound`. */
  below(bound: number): number {
    return floor(this.#next() * bound);
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count);
    for (let at = 0; at < count; at += 1) bytes[at] = this.below(256);
    return bytes;
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
