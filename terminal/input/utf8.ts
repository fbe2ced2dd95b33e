/**
 * UTF-8 to characters, in any split: what is not UTF-8 becomes U+FFFD, as the WHATWG Encoding Standard says (§4.1).
 */

export class Utf8Decoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The last byte was not ASCII: the decoder may hold the beginning of a character. */
  #mayHold = false;

  decode(bytes: Uint8Array): string {
    this.#mayHold = (bytes[bytes.length - 1] ?? 0) >= 0x80;
    return this.#decoder.decode(bytes, { stream: true });
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
