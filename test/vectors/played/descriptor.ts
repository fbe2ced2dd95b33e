/**
 * Plays Twisted's FileDescriptor scripts on an Endpoint whose medium takes bytes only when the script says `flush`.
 *
 * Twisted tells its reactor what it waits for (addWriter, removeWriter …); we have no reactor, so those lines are left
 * out, and steps between two flushes happen in one turn. Twisted reads when told to, we read until paused: so the
 * script begins paused.
 */
import type { IPullProducer, IPushProducer } from '../../../transport/contracts.ts';
import { done } from '../../../transport/close-reason.ts';
import { Endpoint } from '../../../transport/endpoint.ts';
import type { Medium } from '../../../transport/medium.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { play, reasonName, twistedLog, type Script, type Step, type Translate } from '../script.ts';
import { argument, shown, shownValue, type Log } from '../vectors.ts';

export interface DescriptorScript extends Script {
  readonly bufferSize: number;
}

const translate: Translate = ([what, value], { op }) => {
  if (what === 'send') return shownValue(value) === '""' ? undefined : `send ${shownValue(value)}`;
  if (what === 'connectionLost') return `connectionLost ${String(value)}`;
  if (what === 'addReader' || what === 'removeReader') return reading(op) ? String(what) : undefined;
  return /^(p\.|closeWriteSide)/.test(String(what)) ? String(what) : undefined;
};

/** Only where the script is about reading: every end stops it too. */
const reading = (op: string): boolean => op === 'pauseProducing' || op === 'resumeProducing';

export async function playDescriptor({ steps, bufferSize }: DescriptorScript): Promise<{ twisted: Log; ours: Log }> {
  const log: string[] = [];
  const medium = new HandMedium(log);
  const address = { kind: 'memory', name: 'a medium moved by hand' } as const;
  const endpoint = new Endpoint(medium, { peer: address, host: address }, { highWaterMark: bufferSize });
  endpoint.start(new Recorder({ connectionLost: reason => log.push(`connectionLost ${reasonName(reason)}`) }));
  endpoint.pauseProducing();
  const settle = (): Promise<void> => turns(2);
  await settle();
  const producer = producerOf(steps, endpoint, log);
  const flush = async (most = endpoint.queuedBytes): Promise<void> => {
    await settle();
    let sent = Buffer.alloc(0);
    while (sent.length < most && medium.holds) {
      sent = Buffer.concat([sent, medium.take(most - sent.length)]);
      if (sent.length === most || !medium.holds) log.push(`send ${shown(sent)}`);
      medium.release();
      await settle();
    }
  };
  await play(
    steps,
    {
      write: (data: Uint8Array) => endpoint.write(data),
      bigwrite: (bytes: number) => endpoint.write(Buffer.alloc(bytes, 'x')),
      writeSequence: (chunks: Uint8Array[] | { repr: string }) =>
        endpoint.writeSequence(Array.isArray(chunks) ? chunks : generated()),
      flush,
      loseConnection: () => endpoint.loseConnection(),
      loseWriteConnection: () => endpoint.loseWriteConnection(),
      registerProducer: (_name: string, streaming: true) => {
        endpoint.registerProducer(producer, streaming);
        return streaming ? undefined : settle();
      },
      unregisterProducer: () => endpoint.unregisterProducer(),
      pauseProducing: () => medium.showReading(() => endpoint.pauseProducing()),
      resumeProducing: () => medium.showReading(() => resumed(endpoint)),
      stopProducing: () => endpoint.stopProducing(),
      lost: () => {
        endpoint.ended(done);
        return settle();
      },
      getPeer: () => endpoint.getPeer(),
      getHost: () => endpoint.getHost(),
    },
    log,
  );
  return { twisted: twistedLog(steps, translate), ours: log };
}

/** Reading begins a moment after the call. */
async function resumed(endpoint: Endpoint): Promise<void> {
  endpoint.resumeProducing();
  await turns(1);
}

/** What a generator would have written, had it not been used up. */
function* generated(): Generator<Uint8Array> {
  yield Buffer.from('from a generator');
}

/** What the recorded producer did at each `resumeProducing`. */
function producerOf(steps: readonly Step[], consumer: Endpoint, log: string[]): IPushProducer & IPullProducer {
  const events = steps.flatMap(step => step.events);
  const reactions = events.flatMap(([what], at) => (what === 'p.resumeProducing' ? [events.slice(at + 1)] : []));
  const react = (): void => {
    for (const [what, value] of reactions.shift() ?? []) {
      if (what === 'write') consumer.write(argument(value) as Uint8Array);
      else if (what === 'unregisterProducer') consumer.unregisterProducer();
      else return;
    }
  };
  return {
    pauseProducing: () => void log.push('p.pauseProducing'),
    resumeProducing: () => {
      log.push('p.resumeProducing');
      react();
    },
    stopProducing: () => void log.push('p.stopProducing'),
  };
}

/** Holds a batch until it is taken from its hands. */
class HandMedium implements Medium {
  readonly #log: string[];
  #held = Buffer.alloc(0);
  #taken = (): void => undefined;
  #readingShown = false;

  constructor(log: string[]) {
    this.#log = log;
  }

  get holds(): boolean {
    return this.#held.length > 0;
  }

  /** Let go of at most `most` bytes. */
  take(most: number): Buffer {
    const data = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(most);
    return data;
  }

  /** Ask for the next batch, if there is nothing left of this one. */
  release(): void {
    if (!this.holds) this.#taken();
  }

  /** Write down what `call` does to reading. */
  async showReading(call: () => unknown): Promise<void> {
    this.#readingShown = true;
    await call();
    this.#readingShown = false;
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#held = Buffer.concat(chunks);
    this.#taken = taken;
  }

  sendEof(sent: () => void): void {
    this.#log.push('closeWriteSide');
    queueMicrotask(sent);
  }

  startReading(): void {
    if (this.#readingShown) this.#log.push('addReader');
  }

  stopReading(): void {
    if (this.#readingShown) this.#log.push('removeReader');
  }

  close(): void {
    this.#held = Buffer.alloc(0);
  }

  destroy(): void {
    this.#held = Buffer.alloc(0);
  }
}
