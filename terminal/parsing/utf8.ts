/**
 * UTF-8 to characters, in any split: what is not UTF-8 becomes U+FFFD, as the WHATWG Encoding Standard says (§4.1).
 */
import { asBuffer } from './as-buffer.ts';

export class Utf8Decoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The last byte was not ASCII: the decoder may hold the beginning of a character. */
  #mayHold = false;

  /** What ends in ASCII is whole: a Buffer takes it for the same characters as the decoder, and faster. */
  decode(data: Uint8Array, start: number, end: number): string {
    const held = this.#mayHold;
    this.#mayHold = (data[end - 1] ?? 0) >= 0x80;
    return held || this.#mayHold
      ? this.#decoder.decode(data.subarray(start, end), { stream: true })
      : asBuffer(data).toString('utf8', start, end);
  }

  /** Whether `byte` can be taken as it is, without asking the decoder. */
  isPlain(byte: number): boolean {
    return byte < 0x80 && !this.#mayHold;
  }

  /** Nothing more follows: a beginning of a character is none. */
  end(): string {
    if (!this.#mayHold) return '';
    this.#mayHold = false;
    return this.#decoder.decode();
  }
}
