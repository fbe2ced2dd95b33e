/**
 * One piece of memory that all sockets of ours read into, each read being dealt with before the next.
 *
 * Node's streams get new memory of 64 KiB for each read; who reads much makes so much garbage that collecting it takes
 * longer than reading. Source: Node 20 documentation, "net", `onread`.
 */
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import { readingTurns } from './reading-turns.ts';

/**
 * More than a pipe holds (pipe(7)), so that one read takes all of it and the next is not tried in vain. libuv reads 32
 * times before others have their turn: no larger.
 */
const READ_BYTES = 128 * 1024;
const memory = Buffer.allocUnsafeSlow(READ_BYTES);

/** Who takes what has been read. */
export interface ReadsTaker {
  /** `data` is the memory of all again when this returns. */
  receivedBorrowed(data: Uint8Array): void;
}

/** The reads of one socket. Whether it reads is what its `pause` and `resume` say. */
export class SharedReads {
  /** The socket, when there is one: its reads may have to wait for their turn. */
  socket: Socket | undefined;
  /** Until there is one, what is read is nobody's. */
  taker: ReadsTaker | undefined;

  /** For the socket's settings. */
  get onread(): OnReadOpts {
    return { buffer: memory, callback: length => this.#received(length) };
  }

  /** Reads what has come meanwhile, behind the first bytes in `memory`, if it is worth it; answers how many bytes. */
  protected readOn(_first: number, _memory: Uint8Array): number {
    return 0;
  }

  #received(length: number): boolean {
    const more = this.readOn(length, memory);
    this.taker?.receivedBorrowed(memory.subarray(0, length + more));
    return !this.socket || readingTurns.mayReadOn(this.socket, length + more);
  }
}

/**
 * The connection of `accepted`, which has read nothing yet and is nobody's from now on, in a socket that reads into
 * shared memory; `settings` are what it was accepted with, which a socket has to know if they are to be changed. Node
 * has `onread` for connections that are made, not for those that are accepted; what both have is a handle. Where there
 * is none any more, `accepted` itself, with no reads to hear of.
 */
export function sharingReads(
  accepted: Socket,
  settings: SocketConstructorOpts,
): { readonly socket: Socket; readonly reads?: SharedReads } {
  const handle: unknown = Reflect.get(accepted, '_handle');
  if (typeof handle !== 'object' || handle === null) return { socket: accepted };
  Reflect.set(accepted, '_handle', null);
  accepted.destroy();
  const reads = new SharedReads();
  const options = { ...settings, handle, onread: reads.onread, pauseOnCreate: true };
  reads.socket = new Socket(options);
  return { socket: reads.socket, reads };
}
