/**
 * A transport over two Node streams, one for each direction: standard input and output, two pipes, a file.
 *
 * Either may be missing: such a connection never hears anything, or has nowhere to write. It owns both streams. A
 * stream that fails, or closes before its end, is the end of the connection. Where both are halves of one socket, use
 * stream.ts, whose close knows about resets. Source: Node 20 documentation, "stream".
 */
import { finished, type Readable, type Writable } from 'node:stream';
import type { Address } from './address.ts';
import type { QueueLimits } from './contracts.ts';
import { Endpoint } from './endpoint.ts';
import type { Medium } from './medium.ts';

export interface StreamPair {
  readonly readable?: Readable | undefined;
  readonly writable?: Writable | undefined;
}

export interface StreamPairSettings extends QueueLimits {
  readonly peer: Address;
  readonly host: Address;
  /**
   * After a close in order, for how long input is still read and thrown away, in milliseconds: a peer whose write fails
   * may not get to our last bytes. 0 lets go of it at once. @default 2_000
   */
  readonly lingerTime?: number;
  /** Called before the streams are let go of. */
  readonly releasing?: () => void;
  /** How to let go of the output once everything is taken. @default end it, and destroy it when that is done */
  readonly releaseOutput?: () => void;
  /** How to let go of both at once. @default destroy each */
  readonly drop?: () => void;
  /** Called when both streams have been let go of. */
  readonly released?: () => void;
}

const nothing = (): void => undefined;

export class StreamPairTransport extends Endpoint {
  constructor(pair: StreamPair, settings: StreamPairSettings) {
    const medium = new StreamPairMedium(pair, settings);
    super(medium, settings, settings);
    medium.listen(this);
  }
}

class StreamPairMedium implements Medium {
  readonly #readable: Readable | undefined;
  readonly #writable: Writable | undefined;
  readonly #lingerTime: number;
  readonly #releasing: () => void;
  readonly #releaseOutput: (() => void) | undefined;
  readonly #drop: () => void;
  readonly #released: () => void;
  #failed: (error: Error) => void = () => undefined;
  #reading = false;

  constructor({ readable, writable }: StreamPair, settings: StreamPairSettings) {
    this.#readable = readable;
    this.#writable = writable;
    this.#lingerTime = settings.lingerTime ?? 2_000;
    this.#releasing = settings.releasing ?? nothing;
    this.#releaseOutput = settings.releaseOutput;
    this.#drop = settings.drop ?? (() => [readable, writable].forEach(stream => stream?.destroy()));
    this.#released = settings.released ?? nothing;
  }

  listen(endpoint: Endpoint): void {
    this.#failed = error => endpoint.ended({ kind: 'lost', error });
    this.#listenToInput(endpoint);
    const output = this.#writable?.on('error', this.#failed);
    output?.on('close', () => {
      if (!output.writableFinished) this.#failed(output.errored ?? new Error('the output was closed before its end'));
    });
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    const output = this.#writable;
    if (!output) return void setImmediate(this.#failed, new Error('this connection has no output'));
    const last = chunks.length - 1;
    output.cork();
    chunks.forEach((chunk, index) => output.write(chunk, index === last ? this.#unlessFailed(taken) : undefined));
    output.uncork();
  }

  sendEof(sent: () => void): void {
    if (!this.#writable) return void setImmediate(sent);
    const ended = (): void => {
      this.#releaseOutput?.();
      sent();
    };
    this.#writable.end(this.#unlessFailed(ended));
  }

  startReading(): void {
    this.#reading = true;
    this.#readable?.resume();
  }

  stopReading(): void {
    this.#reading = false;
    this.#readable?.pause();
  }

  close(): void {
    this.#releasing();
    const ends = [this.#endInput(), this.#endOutput()];
    void Promise.all(ends).then(this.#released);
  }

  destroy(): void {
    this.#releasing();
    this.#drop();
    this.#releaseOutput?.();
    this.#released();
  }

  #endInput(): Promise<void> {
    const input = this.#readable;
    if (!input || input.destroyed || input.readableEnded || this.#lingerTime === 0) {
      input?.destroy();
      return Promise.resolve();
    }
    return new Promise(resolve => {
      const timer = setTimeout(() => input.destroy(), this.#lingerTime).unref();
      finished(input, () => {
        clearTimeout(timer);
        input.destroy();
        resolve();
      });
      this.startReading();
    });
  }

  #endOutput(): Promise<void> {
    const output = this.#writable;
    if (!output || output.destroyed || this.#releaseOutput) return Promise.resolve(this.#releaseOutput?.());
    return new Promise(resolve =>
      output.end(() => {
        output.destroy();
        resolve();
      }),
    );
  }

  /** Node resumes some streams by itself, such as a child's output at its exit: pause them again. */
  #listenToInput(endpoint: Endpoint): void {
    const input = this.#readable?.pause();
    input?.on('data', (data: Uint8Array) => {
      endpoint.received(data);
      if (!this.#reading) input.pause();
    });
    input?.on('end', () => endpoint.receivedEof());
    input?.on('error', this.#failed);
    input?.on('close', () => {
      if (!input.readableEnded) this.#failed(input.errored ?? new Error('the input was closed before its end'));
    });
  }

  #unlessFailed(callback: () => void): (error?: Error | null) => void {
    return error => (error ? this.#failed(error) : callback());
  }
}
