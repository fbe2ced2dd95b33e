/**
 * Writes to a socket by the system's call, past Node's stream, while nothing waits there: the stream makes several objects
 * and a turn of its own for each write, which costs more than the write of a keystroke.
 *
 * What does not leave at once, or fails, is the stream's to deal with. It needs the addon: there is no such call in Node.
 */
import type { Socket } from 'node:net';
import { nativePrograms, type NativePrograms } from './process/native-programs.ts';

type Writes = Pick<NativePrograms, 'writeNow' | 'writePiecesNow'>;

export class DirectWrites {
  readonly #socket: Socket;
  readonly #fd: number;
  readonly #addon: Writes;

  private constructor(socket: Socket, fd: number, addon: Writes) {
    this.#socket = socket;
    this.#fd = fd;
    this.#addon = addon;
  }

  /** For a socket that is connected; undefined where there is no addon. */
  static of(socket: Socket, addon: Writes | undefined = nativePrograms()): DirectWrites | undefined {
    const fd = descriptorOf(socket);
    return addon && fd !== undefined ? new DirectWrites(socket, fd, addon) : undefined;
  }

  /** As `Medium.sendNow`. */
  send(data: Uint8Array): number {
    return this.#isFree ? this.#addon.writeNow(this.#fd, data) : 0;
  }

  /** As `Medium.sendQueueNow`: all of it by one call. */
  sendQueue(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
    const [first] = chunks;
    const sent = chunks.length === 1 && first ? this.send(first) : this.#sendPieces(chunks);
    return behind(chunks, sent);
  }

  #sendPieces(pieces: readonly Uint8Array[]): number {
    return this.#isFree ? this.#addon.writePiecesNow(this.#fd, pieces) : 0;
  }

  /** Whether nothing waits in the stream. While the socket is not destroyed, its descriptor is nobody else's. */
  get #isFree(): boolean {
    const { destroyed, writableEnded, writableLength } = this.#socket;
    return !destroyed && !writableEnded && writableLength === 0;
  }
}

/** What of `chunks` stands behind the first bytes. */
function behind(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [index, chunk] of chunks.entries()) {
    if (left < chunk.length) return [chunk.subarray(left), ...chunks.slice(index + 1)];
    left -= chunk.length;
  }
  return none;
}

const none: readonly Uint8Array[] = [];

/** Of the handle, which Node does not document; undefined where there is none any more. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
