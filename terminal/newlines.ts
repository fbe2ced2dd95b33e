/** LF to CR LF on the way to a terminal, which is in raw mode: a CR LF that is there already stays one. */

const CR = 0x0d;
const LF = 0x0a;

export class Newlines {
  /** Whether the last byte was a CR: its LF may come with the next write. */
  #afterCr = false;

  convert(data: Uint8Array): Uint8Array {
    const first = data.indexOf(LF);
    const converted = first < 0 ? data : this.#converted(data);
    if (data.length > 0) this.#afterCr = data[data.length - 1] === CR;
    return converted;
  }

  #converted(data: Uint8Array): Uint8Array {
    const converted = new Uint8Array(data.length * 2);
    let length = 0;
    let previous = this.#afterCr ? CR : 0;
    for (const byte of data) {
      if (byte === LF && previous !== CR) converted[length++] = CR;
      converted[length++] = byte;
      previous = byte;
    }
    return converted.subarray(0, length);
  }
}
