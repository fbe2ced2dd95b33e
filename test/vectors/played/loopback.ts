/**
 * Plays Twisted's loopbackAsync and LoopbackRelay scripts on our loopbacks: its server is our near end.
 *
 * What each side heard is compared, side by side: which of two sides is served first in a turn is nobody's promise.
 */
import type { IStreamTransport } from '../../../transport/contracts.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { loopbackRelay } from '../../../transport/memory/loopback-relay.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { play, reasonName, twistedLog, type RecordedEvent, type Script } from '../script.ts';
import { argument, shown, shownValue, type Log } from '../vectors.ts';

type Calls = ReadonlyArray<readonly [method: 'write', ...args: unknown[]]>;

/** What one side does in `connectionMade`, and when it has received for the first time. */
type Side = Readonly<Record<string, Calls>>;

export interface LoopbackScript {
  readonly policy: 'identity' | 'collapsing';
  readonly server: Side;
  readonly client: Side;
  readonly events: readonly RecordedEvent[];
  readonly finished: boolean;
}

/** Turns after which nothing moves in any of these scripts. */
const LONG = 12;

export async function playLoopback(script: LoopbackScript): Promise<{ twisted: Log; ours: Log }> {
  const sides = { server: script.server, client: script.client };
  const heard = Object.entries(sides).map(([name, side]) => new Hearing(name, side));
  const [near, far] = heard.map(side => side.protocol);
  loopback(near, far, { delivery: script.policy });
  await turns(LONG);
  const ended = heard.every(({ protocol }) => protocol.lost > 0);
  return {
    twisted: [...twistedSide(script, 'server'), ...twistedSide(script, 'client'), `finished ${script.finished}`],
    ours: [...heard.flatMap(({ log }) => log), `finished ${ended}`],
  };
}

/** What Twisted's side heard; text that was refused is a line of the side that wrote it. */
function twistedSide({ events }: LoopbackScript, side: 'server' | 'client'): Log {
  return events.flatMap(([what, value], at) => {
    if (what === 'raises') return String(events[at - 1]?.[0]).startsWith(side) ? ['raises'] : [];
    const heard = String(what).startsWith(`${side}.`) && !String(what).includes('.transport.');
    return heard ? [value === undefined ? String(what) : `${String(what)} ${shownValue(value)}`] : [];
  });
}

class Hearing {
  readonly log: string[] = [];
  readonly protocol: Recorder;
  readonly #side: Side;

  constructor(name: string, side: Side) {
    this.#side = side;
    this.protocol = new Recorder({
      makeConnection: () => this.#hear(`${name}.connectionMade`, 'connectionMade'),
      dataReceived: data =>
        this.#hear(`${name}.dataReceived ${shown(data)}`, `dataReceived:${this.protocol.chunks.length}`),
      connectionLost: reason => this.#hear(`${name}.connectionLost ${reasonName(reason)}`, 'connectionLost'),
    });
  }

  #hear(line: string, what: string): void {
    this.log.push(line);
    for (const [method, ...args] of this.#side[what] ?? []) this.#do(method, args.map(argument));
  }

  #do(method: 'write', args: unknown[]): void {
    try {
      this.protocol.transport[method](...(args as [Uint8Array]));
    } catch {
      this.log.push('raises');
    }
  }
}

/** What the target of a relay did when it received, in the two scripts that do not say it themselves. */
const duringDelivery: Readonly<Record<string, (near: IStreamTransport) => void>> = {
  'LoopbackRelay: loseConnection during delivery takes effect in the same clear': near => near.loseConnection(),
  'LoopbackRelay: write+lose during delivery: the late bytes are lost': near => {
    near.write(Buffer.from('late'));
    near.loseConnection();
  },
};

/** One `clearBuffer` is as many of our pumps as it takes: we deliver data with one, and the end with the next. */
export async function playRelay({ name, steps }: Script): Promise<{ twisted: Log; ours: Log }> {
  const log: string[] = [];
  const far = new Recorder({
    dataReceived: data => {
      log.push(`target.dataReceived ${shown(data)}`);
      if (far.chunks.length === 1) duringDelivery[name]?.(relay.near);
    },
    connectionLost: reason => log.push(`target.connectionLost ${reasonName(reason)}`),
  });
  const relay = loopbackRelay(new Recorder(), far, { delivery: 'collapsing' });
  const producer = {
    pauseProducing: () => void log.push('p.pauseProducing'),
    resumeProducing: () => void log.push('p.resumeProducing'),
    stopProducing: () => void log.push('p.stopProducing'),
  };
  const { near } = relay;
  await play(
    steps,
    {
      write: (data: Uint8Array) => near.write(data),
      writeSequence: (chunks: Uint8Array[]) => near.writeSequence(chunks),
      loseConnection: () => near.loseConnection(),
      registerProducer: () => near.registerProducer(producer, true),
      unregisterProducer: () => near.unregisterProducer(),
      clearBuffer: () => relay.pumpAll(),
    },
    log,
  );
  const translate = ([what, value]: RecordedEvent): string =>
    value === undefined ? String(what) : `${String(what)} ${shownValue(value)}`;
  return { twisted: twistedLog(steps, translate), ours: log };
}
