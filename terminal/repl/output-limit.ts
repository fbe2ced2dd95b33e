/** Bounds what one program prints: the rest is dropped, and that is said once. */

/** UTF-16 units for each program, with all that it prints until the next one. */
export const MOST_PRINTED = 1_048_576;

export class OutputLimit {
  readonly #print: (text: string) => void;
  #left = MOST_PRINTED;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Another program begins. */
  begin(): void {
    this.#left = MOST_PRINTED;
  }

  print(text: string): void {
    if (this.#left < 0) return;
    this.#left -= text.length + 1;
    this.#print(this.#left < 0 ? `[more than ${MOST_PRINTED} characters: the rest is not shown]` : text);
  }
}
