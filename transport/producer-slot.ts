/**
 * The one producer that a consumer may have: paused when too much is queued, resumed or asked again when it has gone.
 *
 * It never calls a producer that it has paused before that one has been resumed, and asks a pull producer once for each
 * time that the queue runs empty. How much is queued, and when, is the consumer's to say. After Twisted's IConsumer.
 */
import type { IPullProducer, IPushProducer, QueueLimits } from './contracts.ts';
import { LocalMisuseError } from './errors.ts';

type Producer =
  { readonly streaming: true; readonly it: IPushProducer } | { readonly streaming: false; readonly it: IPullProducer };

/** Whose producer it is. */
export interface Guard {
  /** Run the producer's code: what that throws is the consumer's to deal with. */
  guard(call: () => void): void;
}

export class ProducerSlot {
  readonly #limits: Required<QueueLimits>;
  readonly #consumer: Guard;
  #producer: Producer | undefined;
  /** A push producer: we paused it. A pull producer: we asked it, and it has not written since. */
  #waits = false;

  constructor(limits: Required<QueueLimits>, consumer: Guard) {
    this.#limits = limits;
    this.#consumer = consumer;
  }

  get isTaken(): boolean {
    return this.#producer !== undefined;
  }

  /** Throws LocalMisuseError if there is one already. */
  register(producer: IPushProducer | IPullProducer, streaming: boolean): void {
    if (this.#producer) throw new LocalMisuseError('a producer is already registered; unregister it first');
    this.#waits = false;
    if (streaming && 'pauseProducing' in producer) this.#producer = { streaming, it: producer };
    else this.#producer = { streaming: false, it: producer };
  }

  unregister(): void {
    this.#producer = undefined;
  }

  /** Something was written, or there is a new producer: is that too much? */
  filled(queuedBytes: number): void {
    const producer = this.#producer;
    if (!producer?.streaming) {
      this.#waits = false;
    } else if (!this.#waits && queuedBytes > this.#limits.highWaterMark) {
      this.#waits = true;
      this.#consumer.guard(() => producer.it.pauseProducing());
    }
  }

  /** Something has gone: is that enough to go on? */
  drained(queuedBytes: number): void {
    const producer = this.#producer;
    if (!producer?.streaming || !this.#waits || queuedBytes > this.#limits.lowWaterMark) return;
    this.#waits = false;
    this.#consumer.guard(() => producer.it.resumeProducing());
  }

  /** Nothing is queued: whoever can produce should. */
  ask(): void {
    const producer = this.#producer;
    if (!producer || producer.streaming) return this.drained(0);
    if (this.#waits) return;
    this.#waits = true;
    this.#consumer.guard(() => producer.it.resumeProducing());
  }

  /** The consumer has gone. What `stopProducing` throws comes out of here. */
  stop(): void {
    const producer = this.#producer;
    this.#producer = undefined;
    producer?.it.stopProducing();
  }
}
