/** One way out of a program on pipes, read when somebody wants to hear, and what Node's streams make of it. */
import type { Readable } from 'node:stream';
import type { Endpoint } from '../endpoint.ts';

export interface Output {
  /** From now on tell `endpoint` what the program says; not before `resume`. Once. */
  listen(endpoint: Endpoint): void;
  resume(): void;
  pause(): void;
  destroy(): void;
}

/** What Node's spawn gives. */
export class StreamOutput implements Output {
  readonly #stream: Readable;
  #reading = false;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  /** At the exit Node resumes a child's streams that somebody had paused (child_process.js, flushStdio): pause again. */
  listen(endpoint: Endpoint): void {
    this.#stream.pause().on('data', (data: Uint8Array) => {
      endpoint.received(data);
      if (!this.#reading) this.#stream.pause();
    });
    tellEnd(this.#stream, endpoint);
  }

  resume(): void {
    this.#reading = true;
    this.#stream.resume();
  }

  pause(): void {
    this.#reading = false;
    this.#stream.pause();
  }

  destroy(): void {
    this.#stream.destroy();
  }
}

/** However it ends, the program says no more. */
export function tellEnd(stream: Readable, endpoint: Endpoint): void {
  for (const end of ['error', 'close', 'end']) stream.on(end, () => endpoint.receivedEof());
}
