/** A pipe that a program writes to, read into memory that all share. */
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import type { Endpoint } from '../endpoint.ts';
import { SharedReads } from '../shared-reads.ts';
import { tellEnd, type Output } from './output.ts';

export class NativeOutput implements Output {
  readonly #socket: Socket;
  readonly #reads = new SharedReads();

  /** Takes over `fd`. */
  constructor(fd: number) {
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      ...{ fd, readable: true, writable: false },
      onread: this.#reads.onread,
    };
    this.#socket = new Socket(options).pause();
  }

  listen(endpoint: Endpoint): void {
    this.#reads.deliver = data => endpoint.receivedBorrowed(data);
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
}
