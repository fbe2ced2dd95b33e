/** Collects one paste up to a limit in bytes; what comes past it is dropped, and the paste says so. */
import type { Paste } from '../keystroke.ts';

export class PasteBuffer {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(data: Uint8Array, start: number, end: number): void {
    const kept = Math.min(end, start + this.#limit - this.#bytes);
    if (kept < end) this.#truncated = true;
    if (kept === start) return;
    this.#pieces.push(Buffer.from(data.subarray(start, kept)));
    this.#bytes += kept - start;
    if (this.#pieces.length > 1_000) this.#pieces = [Buffer.concat(this.#pieces)];
  }

  /** The paste; the buffer is empty again. Terminals send CR for each line end. */
  take(): Paste {
    const text = Buffer.concat(this.#pieces).toString('utf8').replace(/\r\n?/g, '\n');
    const paste = { text, truncated: this.#truncated };
    this.#pieces = [];
    this.#bytes = 0;
    this.#truncated = false;
    return paste;
  }
}
