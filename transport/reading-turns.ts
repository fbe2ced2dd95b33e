/**
 * Who says much takes turns with others who do: about 64 KiB of them are read in each turn of the event loop, so that a
 * keystroke waits for one of them and not for all.
 *
 * libuv reads everything that is ready before it looks what else has come: of sixteen programs that flood their sessions,
 * each was read before each key, and again before its echo. Who is alone in saying much never waits, and who says little
 * does not, either.
 */
import type { Socket } from 'node:net';

/** From here on a read is one of much, in bytes: what a person types and sees of it is less, as a rule. */
const MUCH_BYTES = 4096;

/** What those who are resumed together had read last time, in bytes, unless one alone had more. */
const TURN_BYTES = 64 * 1024;

export type TurnTaker = Pick<Socket, 'destroyed' | 'isPaused' | 'resume'>;

export class ReadingTurns {
  /** What each has read last time, in the order of their turns. */
  readonly #waiting = new Map<TurnTaker, number>();
  /** Who said much last: weakly, for it may be long ago. */
  #last: WeakRef<TurnTaker> | undefined;

  /** `reader` has read so many bytes. Answers whether it may read on: if not, it is resumed when its turn comes. */
  mayReadOn(reader: TurnTaker, bytes: number): boolean {
    if (bytes < MUCH_BYTES || reader.destroyed || reader.isPaused()) return true;
    if (this.#last?.deref() === reader && this.#waiting.size === 0) return true;
    const isFirst = this.#last === undefined;
    this.#last = new WeakRef(reader);
    if (isFirst) return true;
    if (this.#waiting.size === 0) setImmediate(this.#next);
    this.#waiting.set(reader, bytes);
    return false;
  }

  readonly #next = (): void => {
    let room = TURN_BYTES;
    for (const [reader, bytes] of this.#waiting) {
      if (bytes > room && room < TURN_BYTES) break;
      room -= bytes;
      this.#waiting.delete(reader);
      if (!reader.destroyed && !reader.isPaused()) reader.resume();
    }
    if (this.#waiting.size > 0) setImmediate(this.#next);
  };
}

/** Those of all reads in this thread. */
export const readingTurns = new ReadingTurns();
