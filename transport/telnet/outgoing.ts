/**
 * The bytes of one telnet connection on their way out, and the commands that stand between them.
 *
 * Commands are chunks that are known here by identity; all other chunks are encoded when their turn comes, as it stands
 * then. While data is held back, commands overtake it. It refuses to send: what comes next is asked for, a piece at a time.
 */
import { encode } from './encoding.ts';
import type { LineEnds } from './parser.ts';

/** How data goes out; held back while nobody can say how it would be read. */
export type Outward = 'hold' | 'nvt' | 'binary';

/** What becomes of the data behind a command; asked when the command goes out. */
export type Effect = () => Outward;

/** How much is encoded at a time; less than what any connection below will queue. */
const pieceSize = 32_768;

const CR = 13;
const LF = 10;

export class Outgoing {
  readonly #lineEnds: LineEnds;
  readonly #commands = new WeakMap<Uint8Array, { readonly effect: Effect | undefined }>();
  #chunks: Uint8Array[] = [];
  #outward: Outward = 'nvt';

  constructor(lineEnds: LineEnds) {
    this.#lineEnds = lineEnds;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get holds(): boolean {
    return this.#outward === 'hold';
  }

  /** From now on `bytes` is a command. */
  mark(bytes: Uint8Array, effect: Effect | undefined): void {
    this.#commands.set(bytes, { effect });
  }

  push(chunks: readonly Uint8Array[]): void {
    this.#chunks.push(...chunks);
  }

  clear(): void {
    this.#chunks = [];
  }

  /** `command` goes out now. */
  pass(command: Uint8Array): Uint8Array {
    this.#outward = this.#commands.get(command)?.effect?.() ?? this.#outward;
    return command;
  }

  /** What held the data back is settled. */
  release(outward: Outward): void {
    if (this.holds) this.#outward = outward;
  }

  /** What may go out now, about a piece of it, in order. */
  take(): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let size = 0; size < pieceSize;) {
      const piece = this.#next();
      if (!piece) break;
      pieces.push(piece);
      size += piece.length;
    }
    return pieces;
  }

  /** The next command, or as much data as goes into one piece; undefined if there is nothing that may go. */
  #next(): Uint8Array | undefined {
    const command = this.#chunks.findIndex(chunk => this.#commands.has(chunk));
    if (command === 0 || this.holds) {
      const [chunk] = command < 0 ? [] : this.#chunks.splice(command, 1);
      return chunk && this.pass(chunk);
    }
    const data = this.#takeData(command < 0 ? this.#chunks.length : command);
    return data.length === 0 ? undefined : encode(data, this.#outward === 'binary' ? 'exact' : this.#lineEnds);
  }

  /** Up to a piece out of the first `count` chunks, CR and LF together. */
  #takeData(count: number): Uint8Array {
    const chunks = this.#chunks.splice(0, count);
    const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const splitsCrLf = all[pieceSize - 1] === CR && all[pieceSize] === LF;
    const size = splitsCrLf ? pieceSize + 1 : pieceSize;
    if (all.length > size) this.#chunks.unshift(all.subarray(size));
    return all.subarray(0, size);
  }
}
