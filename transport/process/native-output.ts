/** A pipe that a program writes to, read into memory that all share. */
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import type { Endpoint } from '../endpoint.ts';
import { SharedReads } from '../shared-reads.ts';
import type { NativePrograms } from './native-programs.ts';
import { tellEnd, type Output } from './output.ts';

/** The kernel moves bytes through a pipe by pages: who sends less at once has said what it wanted to say. */
const PAGE_BYTES = 4096;
/** What a packet of SSH carries. */
const FULL_BYTES = 32 * 1024;

export class NativeOutput implements Output {
  readonly #socket: Socket;
  readonly #reads: OutputReads;

  /** Takes over `fd`. */
  constructor(fd: number, addon: NativePrograms) {
    this.#reads = new OutputReads(fd, addon);
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      ...{ fd, readable: true, writable: false },
      onread: this.#reads.onread,
    };
    this.#socket = new Socket(options).pause();
    this.#reads.socket = this.#socket;
  }

  listen(endpoint: Endpoint): void {
    this.#reads.taker = endpoint;
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

class OutputReads extends SharedReads {
  readonly #fd: number;
  readonly #addon: NativePrograms;

  constructor(fd: number, addon: NativePrograms) {
    super();
    this.#fd = fd;
    this.#addon = addon;
  }

  /**
   * A reader that is as quick as the program gets a page each time, and a packet and a write to the socket for each page
   * cost more than reading on until a packet is full.
   */
  protected override readOn(first: number, memory: Uint8Array): number {
    if (first < PAGE_BYTES || first >= FULL_BYTES) return 0;
    return this.#addon.readNow(this.#fd, memory.subarray(first, FULL_BYTES));
  }
}
