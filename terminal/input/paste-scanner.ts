/**
 * Finds the end of a bracketed paste: `CSI 201 ~`, in any split. xterm ctlseqs, "Bracketed Paste Mode".
 *
 * Everything before it is content, whatever it looks like. There is no other way out: a paste that is never ended swallows
 * all that follows, as text that was pasted must never be taken for keys.
 */

const ESC = 0x1b;
const mark = Uint8Array.of(ESC, 0x5b, 0x32, 0x30, 0x31, 0x7e);

export class PasteScanner {
  readonly #content: (data: Uint8Array, start: number, end: number) => void;
  /** Bytes of the mark that have been seen at the end so far. */
  #seen = 0;

  constructor(content: (data: Uint8Array, start: number, end: number) => void) {
    this.#content = content;
  }

  /** Take `data` from `start` on. Gives the place behind the mark, or -1 when it has not ended. */
  scan(data: Uint8Array, start: number): number {
    let at = start;
    while (at < data.length) {
      if (this.#seen === 0) at = this.#skipToEscape(data, at);
      else if (data[at] !== mark[this.#seen]) this.#wasContent();
      if (at < data.length && data[at] === mark[this.#seen]) {
        at += 1;
        this.#seen += 1;
      }
      if (this.#seen === mark.length) {
        this.#seen = 0;
        return at;
      }
    }
    return -1;
  }

  #skipToEscape(data: Uint8Array, start: number): number {
    const escape = data.indexOf(ESC, start);
    const end = escape < 0 ? data.length : escape;
    if (end > start) this.#content(data, start, end);
    return end;
  }

  /** What looked like the mark was not: ESC stands nowhere else in it, so all of it is content. */
  #wasContent(): void {
    this.#content(mark, 0, this.#seen);
    this.#seen = 0;
  }
}
