/** One end of a connection in a random test: makes the calls, writes down what they promise, and compares. */
import { expect } from '@jest/globals';
import type { IPullProducer, IPushProducer } from '../../../transport/contracts.ts';
import { HalfCloseableRecorder } from '../../support/recorder.ts';

export class ModelEnd {
  readonly recorder = new HalfCloseableRecorder({ dataReceived: () => this.#react() });
  readonly #seed: number;
  /** All that was written, in order. */
  readonly #written: Uint8Array[] = [];
  #writtenBytes = 0;
  /** Of these, what was written before we ended our direction: the rest may go out or not. */
  #owedBytes: number | undefined;
  #producer: ModelProducer | undefined;
  /** Whether we have ended our direction; with a producer, that waits for it. */
  #ending = false;
  #closed = false;
  #aborted = false;
  #pausesOnData = false;
  #heardWhilePaused = 0;
  #pausedAt: number | undefined;

  /** `seed` makes what this end writes its own. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How many calls this end's protocol has heard. */
  get heard(): number {
    return this.recorder.calls.length;
  }

  write(size: number): void {
    this.recorder.transport.write(this.#next(size));
  }

  writeSequence(size: number): void {
    this.recorder.transport.writeSequence([size % 7, size, 0, 1].map(part => this.#next(part)));
  }

  pause(): void {
    this.recorder.transport.pauseProducing();
    this.#pausedAt ??= this.recorder.received;
  }

  /** Pause from inside the next `dataReceived`. */
  pauseOnData(): void {
    this.#pausesOnData = true;
  }

  resume(): void {
    this.#heardWhilePaused += this.recorder.received - (this.#pausedAt ?? this.recorder.received);
    this.#pausedAt = undefined;
    this.recorder.transport.resumeProducing();
  }

  registerPush(size: number): void {
    if (this.#producer) return;
    this.#producer = new ModelProducer(() => this.write(size));
    this.recorder.transport.registerProducer(this.#producer, true);
    this.#producer.produce();
  }

  registerPull(size: number): void {
    if (this.#producer) return;
    this.#producer = new ModelProducer(() => this.write(size % 5_000));
    this.recorder.transport.registerProducer(this.#producer, false);
  }

  unregister(): void {
    this.#producer?.expectSane(this.recorder.lost > 0);
    this.#producer = undefined;
    if (this.#ending) this.#owedBytes ??= this.#writtenBytes;
    this.recorder.transport.unregisterProducer();
  }

  /** The last words of a producer, which every close has waited for. */
  finishProducing(): void {
    this.#pausesOnData = false;
    if (this.#producer) this.write(1_000);
    this.unregister();
    this.resume();
  }

  loseWriteConnection(): void {
    this.#owe();
    this.recorder.transport.loseWriteConnection();
  }

  loseConnection(): void {
    this.#owe();
    this.#closed = true;
    this.recorder.transport.loseConnection();
  }

  abortConnection(): void {
    this.#aborted = true;
    this.recorder.transport.abortConnection();
  }

  /** Resolves when this end has all that `writer` owes it, or is over. */
  async untilOwed(writer: ModelEnd): Promise<void> {
    const { recorder } = this;
    if (this.#isOwed(writer)) await recorder.until(() => recorder.received >= writer.#owed || recorder.lost > 0);
  }

  expectRead(writer: ModelEnd): void {
    const sent = Buffer.concat(writer.#written);
    const { bytes } = this.recorder;
    expect(bytes.equals(sent.subarray(0, bytes.length))).toBe(true);
    if (this.#isOwed(writer)) expect(bytes.length).toBeGreaterThanOrEqual(writer.#owed);
    expect(this.#heardWhilePaused).toBe(0);
  }

  expectEnd(): void {
    const { lost, calls } = this.recorder;
    expect([lost, calls.at(-1)]).toEqual([1, 'connectionLost']);
  }

  get #owed(): number {
    return this.#owedBytes ?? this.#writtenBytes;
  }

  /** Nobody aborted, and this end did not stop listening. */
  #isOwed(writer: ModelEnd): boolean {
    return !this.#aborted && !this.#closed && !writer.#aborted;
  }

  #react(): void {
    if (!this.#pausesOnData) return;
    this.#pausesOnData = false;
    this.pause();
  }

  #owe(): void {
    this.#ending = true;
    if (!this.#producer) this.#owedBytes ??= this.#writtenBytes;
  }

  /** `size` bytes that differ from their neighbours and from the other end's. */
  #next(size: number): Uint8Array {
    const data = new Uint8Array(size);
    for (let index = 0, place = this.#writtenBytes; index < size; index += 1, place += 1) {
      data[index] = place * 31 + (place >> 8) + this.#seed;
    }
    this.#written.push(data);
    this.#writtenBytes += size;
    return data;
  }
}

/** Writes once each time it may, up to three times. */
class ModelProducer implements IPushProducer, IPullProducer {
  readonly #writeOnce: () => void;
  readonly #calls: string[] = [];
  #left = 3;

  constructor(writeOnce: () => void) {
    this.#writeOnce = writeOnce;
  }

  produce(): void {
    if (this.#left === 0 || this.#calls.includes('stop')) return;
    this.#left -= 1;
    this.#writeOnce();
  }

  pauseProducing(): void {
    this.#calls.push('pause');
  }

  resumeProducing(): void {
    this.#calls.push('resume');
    this.produce();
  }

  stopProducing(): void {
    this.#calls.push('stop');
  }

  /** Never paused twice without a resume between, stopped if its consumer has ended, and nothing after that. */
  expectSane(ended: boolean): void {
    const text = this.#calls.join(' ');
    expect(text).not.toMatch(/pause pause|stop ./);
    if (ended) expect(text).toMatch(/stop$/);
  }
}
