/** Producers for tests. Each writes its life down in `calls` of the recorder it is given, beside the protocol's own. */
import type { IPullProducer, IPushProducer, IStreamTransport } from '../../transport/contracts.ts';
import type { Recorder } from './recorder.ts';

/** Writes chunks whenever it is not paused, until it has written `limit` bytes. */
export class PushSource implements IPushProducer {
  readonly #out: IStreamTransport;
  readonly #log: Recorder;
  readonly #chunk: Uint8Array;
  readonly #limit: number;
  written = 0;
  paused = false;
  stopped = false;

  constructor(log: Recorder, { chunk = 16_384, limit = Infinity } = {}) {
    this.#out = log.transport;
    this.#log = log;
    this.#chunk = new Uint8Array(chunk).fill(0x61);
    this.#limit = limit;
  }

  pauseProducing(): void {
    this.paused = true;
    this.#log.note('pauseProducing');
  }

  resumeProducing(): void {
    this.paused = false;
    this.#log.note('resumeProducing');
    this.produce();
  }

  stopProducing(): void {
    this.stopped = true;
    this.#log.note('stopProducing');
  }

  produce(): void {
    while (!this.paused && !this.stopped && this.written < this.#limit) {
      this.written += this.#chunk.length;
      this.#out.write(this.#chunk);
    }
  }
}

/** Writes one of `pieces` each time it is asked, and unregisters itself when asked once more. */
export class PullSource implements IPullProducer {
  readonly #out: IStreamTransport;
  readonly #log: Recorder;
  readonly #pieces: string[];

  constructor(log: Recorder, pieces: readonly string[]) {
    this.#out = log.transport;
    this.#log = log;
    this.#pieces = [...pieces];
  }

  resumeProducing(): void {
    this.#log.note('resumeProducing');
    const piece = this.#pieces.shift();
    if (piece === undefined) this.#out.unregisterProducer();
    else this.#out.write(Buffer.from(piece));
  }

  stopProducing(): void {
    this.#log.note('stopProducing');
  }
}
