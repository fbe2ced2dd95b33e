/**
 * A pipe that a program writes to, read into one piece of memory that all pipes share.
 *
 * Node's streams get new memory of 64 KiB for each read; who reads much makes so much garbage that collecting it takes
 * longer than reading. Source: Node 20 documentation, "net", `onread`.
 */
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import type { Endpoint } from '../endpoint.ts';
import { tellEnd, type Output } from './output.ts';

/** More than a pipe holds (pipe(7)), so that one read takes all of it and the next is not tried in vain. */
const READ_BYTES = 128 * 1024;
const memory = Buffer.allocUnsafeSlow(READ_BYTES);

export class NativeOutput implements Output {
  readonly #socket: Socket;
  #endpoint: Endpoint | undefined;

  /** Takes over `fd`. */
  constructor(fd: number) {
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      ...{ fd, readable: true, writable: false },
      onread: { buffer: memory, callback: length => this.#read(length) },
    };
    this.#socket = new Socket(options).pause();
  }

  listen(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    tellEnd(this.#socket, endpoint);
  }

  resume(): void {
    this.#socket.resume();
  }

  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Whether to read on is what `pause` and `resume` say. */
  #read(length: number): boolean {
    this.#endpoint?.receivedBorrowed(memory.subarray(0, length));
    return true;
  }
}
