/**
 * The frames between a server and its process host: which program, which of its lanes, and the bytes.
 *
 * A program has one lane for each stream and two for control. Nothing here knows what the bytes mean: messages.ts does
 * for control, credits/ for streams. Layout: uint32 length of the bytes, uint32 program, uint16 lane (big-endian).
 */
import { RemoteProtocolError } from '../../errors.ts';

export interface Frame {
  readonly program: number;
  readonly lane: number;
  readonly bytes: Uint8Array;
}

/** Lanes below are streams: 0 is standard input and output, or the terminal; the others have their descriptor's number. */
export const CONTROL = 256;

/** Sizes of the terminal: apart, so that a new one can replace one that waits. */
export const SIZE = 257;

/** Frames that are about no program. */
export const HOST_ITSELF = 0;

/** The system starts no program with more arguments and environment than 2 MiB (execve(2), a quarter of the stack). */
export const MOST_BYTES = 4 * 1024 * 1024;

const HEADER = 10;

export function frameHeader({ program, lane, bytes }: Frame): Uint8Array {
  const header = new Uint8Array(HEADER);
  const view = new DataView(header.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, program);
  view.setUint16(8, lane);
  return header;
}

/** Puts frames together again, however the stream was split. */
export class FrameReader {
  readonly #header = new Uint8Array(HEADER);
  #headerBytes = 0;
  /** What of the current frame's bytes has come; undefined while the header has not. */
  #body: Uint8Array | undefined;
  #bodyBytes = 0;

  /** The frames that `data` completes. Throws RemoteProtocolError for one that is too long. */
  *feed(data: Uint8Array): Generator<Frame> {
    let rest = data;
    while (rest.length > 0 || this.#isComplete) {
      if (!this.#body && !this.#isHeaderComplete) rest = this.#readHeader(rest);
      else if (!this.#body && rest.length >= this.#length) {
        const bytes = rest.subarray(0, this.#length); // the usual case, without a copy
        rest = rest.subarray(bytes.length);
        yield this.#take(bytes);
      } else {
        rest = this.#readBody(rest);
        if (this.#body && this.#bodyBytes === this.#body.length) yield this.#take(this.#body);
      }
    }
  }

  get #isHeaderComplete(): boolean {
    return this.#headerBytes === HEADER;
  }

  /** A frame without bytes is complete with its header. */
  get #isComplete(): boolean {
    return this.#isHeaderComplete && this.#length === 0;
  }

  get #length(): number {
    return new DataView(this.#header.buffer).getUint32(0);
  }

  #readHeader(data: Uint8Array): Uint8Array {
    const part = data.subarray(0, HEADER - this.#headerBytes);
    this.#header.set(part, this.#headerBytes);
    this.#headerBytes += part.length;
    if (this.#isHeaderComplete && this.#length > MOST_BYTES) {
      throw new RemoteProtocolError('process host framing', `a frame of ${this.#length} bytes`);
    }
    return data.subarray(part.length);
  }

  #readBody(data: Uint8Array): Uint8Array {
    const body = (this.#body ??= Buffer.allocUnsafeSlow(this.#length));
    const part = data.subarray(0, body.length - this.#bodyBytes);
    body.set(part, this.#bodyBytes);
    this.#bodyBytes += part.length;
    return data.subarray(part.length);
  }

  #take(bytes: Uint8Array): Frame {
    const view = new DataView(this.#header.buffer);
    const frame = { program: view.getUint32(4), lane: view.getUint16(8), bytes };
    this.#headerBytes = 0;
    this.#body = undefined;
    this.#bodyBytes = 0;
    return frame;
  }
}
