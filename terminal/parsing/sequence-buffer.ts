/** The bytes of one sequence as they come, up to a limit: past it they are counted and dropped. */

const ESC = 0x1b;
const smallest = 64;

export class SequenceBuffer {
  readonly #limit: number;
  #bytes = new Uint8Array(smallest);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many have come, also those that were dropped. */
  get length(): number {
    return this.#length;
  }

  /** Those that were kept, at the beginning; what stands behind them means nothing. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get isWhole(): boolean {
    return this.#length <= this.#limit;
  }

  /** Whether a second ESC stands in front. */
  get isDoubled(): boolean {
    return this.#length > 1 && this.#bytes[1] === ESC;
  }

  get last(): number {
    return this.#bytes[this.#length - 1] ?? 0;
  }

  push(byte: number): void {
    if (this.#length < this.#limit) {
      if (this.#length === this.#bytes.length) this.#grow();
      this.#bytes[this.#length] = byte;
    }
    this.#length += 1;
  }

  pop(): void {
    this.#length -= 1;
  }

  /** A copy, without a second ESC in front. */
  sequence(): Uint8Array {
    return this.#bytes.slice(this.isDoubled ? 1 : 0, Math.min(this.#length, this.#limit));
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > smallest) this.#bytes = new Uint8Array(smallest);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 4);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
