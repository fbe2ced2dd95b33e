/**
 * Writes to a socket by the system's call, past Node's stream, while nothing waits there: the stream makes several objects
 * and a turn of its own for each write, which costs more than the write of a keystroke.
 *
 * What does not leave at once, or fails, is the stream's to deal with. It needs the addon: there is no such call in Node.
 */
import type { Socket } from 'node:net';
import { nativePrograms, type NativePrograms } from './process/native-programs.ts';

/** Packets that leave together are gathered here; larger ones are the stream's, which gathers without copying. */
const scratch = Buffer.allocUnsafeSlow(16 * 1024);

export class DirectWrites {
  readonly #socket: Socket;
  readonly #fd: number;
  readonly #write: NativePrograms['writeNow'];

  private constructor(socket: Socket, fd: number, { writeNow }: Pick<NativePrograms, 'writeNow'>) {
    this.#socket = socket;
    this.#fd = fd;
    this.#write = writeNow;
  }

  /** For a socket that is connected; undefined where there is no addon. */
  static of(
    socket: Socket,
    addon: Pick<NativePrograms, 'writeNow'> | undefined = nativePrograms(),
  ): DirectWrites | undefined {
    const fd = descriptorOf(socket);
    return addon && fd !== undefined ? new DirectWrites(socket, fd, addon) : undefined;
  }

  /** As `Medium.sendNow`. While the socket is not destroyed, its descriptor is nobody else's. */
  send(data: Uint8Array): number {
    const { destroyed, writableEnded, writableLength } = this.#socket;
    return destroyed || writableEnded || writableLength > 0 ? 0 : this.#write(this.#fd, data);
  }

  /** As `Medium.sendQueueNow`. */
  sendQueue(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
    const [first] = chunks;
    if (first && chunks.length === 1) return this.#sendOne(first);
    if (bytes > scratch.length) return chunks;
    let at = 0;
    for (const chunk of chunks) {
      scratch.set(chunk, at);
      at += chunk.length;
    }
    const sent = this.send(scratch.subarray(0, bytes));
    if (sent === bytes) return none;
    return sent === 0 ? chunks : [Buffer.from(scratch.subarray(sent, bytes))];
  }

  #sendOne(chunk: Uint8Array): readonly Uint8Array[] {
    const sent = this.send(chunk);
    return sent === chunk.length ? none : [chunk.subarray(sent)];
  }
}

const none: readonly Uint8Array[] = [];

/** Of the handle, which Node does not document; undefined where there is none any more. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
