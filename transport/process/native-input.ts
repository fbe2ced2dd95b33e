/**
 * The way into a program that the addon has started: what fits into the pipe goes there at once, and Node's stream, which
 * takes an object and a callback for each write, gets the rest.
 */
import { Socket } from 'node:net';
import { Input } from './input.ts';
import type { NativePrograms } from './native-programs.ts';
import { PipeRoom } from './pipe-room.ts';

export class NativeInput extends Input {
  readonly #socket: Socket;
  readonly #fd: number;
  readonly #addon: NativePrograms;
  readonly #room: PipeRoom;

  /** Takes over `fd`. */
  constructor(fd: number, addon: NativePrograms) {
    const socket = new Socket({ fd, readable: false, writable: true });
    super(socket);
    this.#socket = socket;
    this.#fd = fd;
    this.#addon = addon;
    this.#room = new PipeRoom(fd, addon);
    socket.on('close', () => this.#room.closed());
  }

  /** A broken pipe takes nothing here: the stream will find out. Once it is closed, its number is a stranger's. */
  override sendNow(data: Uint8Array): number {
    if (!this.#socket.writable) return 0;
    const taken = this.#addon.writeNow(this.#fd, data);
    if (taken === data.length || !this.#room.full()) return taken;
    return taken + this.#addon.writeNow(this.#fd, data.subarray(taken));
  }
}
