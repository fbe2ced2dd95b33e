/**
 * What a terminal says, read from its master: into memory that all share, in pieces of a useful size, and without waiting.
 *
 * Facts: Linux drivers/tty/n_tty.c and tty_buffer.c.
 */
import { readSync } from 'node:fs';
import type { OnReadOpts, Socket } from 'node:net';
import { readingTurns } from '../reading-turns.ts';
import type { ReadsTaker } from '../shared-reads.ts';
import type { NativePrograms } from './native-programs.ts';

/** More than a terminal can hold: 64 KiB of flip buffers and 4 KiB of line discipline (drivers/tty/tty_buffer.c). */
const MAX_REST_BYTES = 256 * 1024;

/** n_tty reads no more at once (drivers/tty/n_tty.c, N_TTY_BUF_SIZE). */
const TERMINAL_READ = 4096;

/** How much of a flood is read before others get their turn. */
const FLOOD_BYTES = 32 * 1024;

/** What all masters are read into: each read has been dealt with before the next (as in native-output.ts). */
const memory = Buffer.allocUnsafeSlow(FLOOD_BYTES);

export class TerminalReads {
  /** The socket that reads, when there is one: it may have to wait for its turn. */
  socket: Socket | undefined;
  /** Until there is one, what is read is nobody's. */
  taker: ReadsTaker | undefined;
  readonly #fd: number;
  readonly #readNow: NativePrograms['readNow'];

  /** `fd` stays the caller's. */
  constructor(fd: number, readNow: NativePrograms['readNow'] = readOnce) {
    this.#fd = fd;
    this.#readNow = readNow;
  }

  /** For the settings of a socket that reads `fd`. Whether to read on is what its `pause` and `resume` say. */
  get onread(): OnReadOpts {
    return { buffer: memory, callback: length => this.#received(length) };
  }

  /** About 256 KiB at the most: what has been read is never dropped. */
  *untilEmpty(): Generator<Uint8Array> {
    for (let room = MAX_REST_BYTES; room > 0;) {
      const bytes = this.#readNow(this.#fd, memory);
      if (bytes === 0) return;
      room -= bytes;
      yield Buffer.from(memory.subarray(0, bytes));
    }
  }

  /**
   * A terminal gives 4 KiB at most, and libuv goes round its loop for each: a flood is read on here. Where less has come,
   * another read would wait for the kernel to bring more, while what there is could be on its way.
   */
  #received(first: number): boolean {
    let length = first;
    for (let more = first; more >= TERMINAL_READ - 1 && length < FLOOD_BYTES; length += more) {
      more = this.#readNow(this.#fd, memory.subarray(length));
    }
    this.taker?.receivedBorrowed(memory.subarray(0, length));
    return !this.socket || readingTurns.mayReadOn(this.socket, length);
  }
}

/** Nothing at EAGAIN and at EIO, which are the two ways of a terminal to say that there is no more. */
function readOnce(fd: number, buffer: Uint8Array): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch {
    return 0;
  }
}
