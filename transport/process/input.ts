/**
 * The way into a program: a Node stream that may die before the program does.
 *
 * A program that closes its input has had enough of it. That is no error of the session (sshd: "nobody will be
 * interested in data we write"), so from then on what is written is dropped and counts as taken.
 */
import type { Writable } from 'node:stream';

export class Input {
  readonly #stream: Writable;
  #lost: () => void = () => undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', () => this.#lost()); // EPIPE, ECONNRESET, EIO: told to the callbacks below too
  }

  /** Hear of it, once, when something has been written in vain. */
  onLost(listener: () => void): void {
    this.#lost = listener;
  }

  /** As `Medium.sendNow`: a stream of Node's cannot say what it takes at once. */
  sendNow(_data: Uint8Array): number {
    return 0;
  }

  /** As `Medium.send`. */
  send(chunks: readonly Uint8Array[], taken: () => void): void {
    const last = chunks.length - 1;
    this.#stream.cork();
    chunks.forEach((chunk, index) => this.#stream.write(chunk, index === last ? orLater(taken) : undefined));
    this.#stream.uncork();
  }

  /** As `Medium.sendEof`. */
  end(sent: () => void): void {
    this.#stream.end(orLater(sent));
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** Dropping goes round the event loop each time, or a producer that never tires would stop everything else. */
const orLater = (done: () => void) => (error?: Error | null) => {
  if (error) setImmediate(done);
  else done();
};
