/**
 * The data types of the SSH wire, RFC 4251 §5: a cursor that reads them and functions that write them.
 *
 * Nothing here knows a message. Strings stay bytes until a caller asks for text: a user's command need not be UTF-8.
 * A read past the end is the peer's fault: RemoteProtocolError.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

/** A byte-order mark is part of a name like any other character, or two names would read as one. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class WireReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #position = 0;

  /** `what` names the message in errors, e.g. `CHANNEL_OPEN`. The bytes are not copied. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = asBuffer(bytes);
    this.#what = what;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  byte(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  /** A `string` as bytes: a view, not a copy. */
  string(): Buffer {
    const length = this.uint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A `string` that the RFCs define as UTF-8 or US-ASCII; wrong bytes become U+FFFD. */
  text(): string {
    return utf8.decode(this.string());
  }

  nameList(): string[] {
    const text = this.text();
    return text === '' ? [] : text.split(',');
  }

  /** Everything that is left. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#take(this.remaining));
  }

  /** The message ends here; anything more is a breach. */
  end(): void {
    if (this.remaining > 0)
      throw new RemoteProtocolError('RFC 4251 §5', `${this.remaining} bytes too many in ${this.#what}`);
  }

  #take(count: number): number {
    if (count > this.remaining) {
      throw new RemoteProtocolError('RFC 4251 §5', `${this.#what} ends ${count - this.remaining} bytes too early`);
    }
    const start = this.#position;
    this.#position += count;
    return start;
  }
}

/** The same bytes, with what Node adds to them: no copy, and nothing new where they have it already. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

/** One field of a message: what to write where. */
export type Field = Uint8Array;

export const byte = (value: number): Field => Uint8Array.of(value);

export const boolean = (value: boolean): Field => Uint8Array.of(value ? 1 : 0);

export function uint32(value: number): Field {
  const field = Buffer.allocUnsafe(4);
  field.writeUInt32BE(value);
  return field;
}

/** A `string`: four bytes of length and the bytes, text as UTF-8. */
export function string(value: Uint8Array | string): Field {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** The bytes of an `mpint` that is not negative: no zeros in front, but one where the first bit would be the sign. */
export function mpintBytes(bigEndian: Buffer): Buffer {
  const first = bigEndian.findIndex(value => value !== 0);
  const digits = first === -1 ? Buffer.alloc(0) : bigEndian.subarray(first);
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits;
}

export const nameList = (names: readonly string[]): Field => string(names.join(','));

/** The fields of one message, or of one structure inside it, in order. */
export const message = (...fields: readonly Field[]): Buffer => Buffer.concat(fields);
