/**
 * One program in the process host: its streams joined to their lanes, its end told, its orders carried out.
 *
 * It refuses to decide anything: when a stream closes, and what an end means, is for the server to say.
 */
import type { Address } from '../../address.ts';
import { done, type CloseReason } from '../../close-reason.ts';
import type { IHalfCloseableProtocol, IStreamTransport } from '../../contracts.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { ProcessParts, RunningProgram } from '../running-program.ts';
import { lineLimits } from './line-limits.ts';
import type { LaneStreams } from './lane-streams.ts';
import type { FromHost, ToHost } from './messages.ts';

export interface ServedProgramContext {
  /** Number of the program on the line. */
  readonly id: number;
  readonly streams: LaneStreams;
  readonly say: (message: FromHost) => void;
  /** The program has ended and its lanes are closed. */
  readonly over: () => void;
}

type Order = Exclude<ToHost, { readonly kind: 'start' | 'ping' }>;

export class ServedProgram {
  readonly #parts: ProcessParts;
  readonly #context: ServedProgramContext;
  readonly #openStreams: Set<number>;
  #isReaped = false;

  constructor({ parts, onExit, onInputLost }: RunningProgram, context: ServedProgramContext) {
    this.#parts = parts;
    this.#context = context;
    const streams = streamsOf(parts);
    this.#openStreams = new Set(streams.keys());
    const peer = parts.main.getPeer();
    const tty = peer.kind === 'process' && peer.tty !== undefined ? { tty: peer.tty } : {};
    context.say({ kind: 'started', pid: parts.leader.pid ?? 0, ...tty, lanes: [...streams.keys()] });
    for (const [lane, stream] of streams) this.#join(lane, stream, peer);
    onInputLost?.(() => context.say({ kind: 'input-lost' }));
    onExit(status => {
      parts.leader.reaped();
      context.say({ kind: 'exited', status });
      this.#isReaped = true;
      this.#overIfClosed();
    });
  }

  obey(order: Order): void {
    if (order.kind === 'signal') this.#parts.leader.signal(order.number);
    else if (order.kind === 'resize') this.#parts.resize(order.size);
    else if (order.kind === 'close-output') this.#parts.closeOutput();
    else if (order.kind === 'hang-up') for (const stream of streamsOf(this.#parts).values()) stream.ended(done);
    else for (const stream of streamsOf(this.#parts).values()) stream.abortConnection();
  }

  /** Each is the other's producer, so whichever side does not read stops the other. */
  #join(lane: number, stream: Endpoint, peer: Address): void {
    const ends = { peer, host: stream.getHost() };
    const wire = this.#context.streams.open({ program: this.#context.id, lane }, ends, lineLimits);
    stream.start(passOn(wire, () => wire.loseConnection()));
    wire.start(
      passOn(stream, reason => {
        if (reason.kind === 'done') stream.loseConnection();
        else stream.abortConnection();
        this.#openStreams.delete(lane);
        this.#overIfClosed();
      }),
    );
    stream.registerProducer(wire, true);
    wire.registerProducer(stream, true);
  }

  #overIfClosed(): void {
    if (this.#isReaped && this.#openStreams.size === 0) this.#context.over();
  }
}

/** By lane. */
function streamsOf({ main, error, descriptors }: ProcessParts): ReadonlyMap<number, Endpoint> {
  const standard: Array<[number, Endpoint]> = error
    ? [
        [0, main],
        [2, error],
      ]
    : [[0, main]];
  return new Map([...standard, ...descriptors.entries]);
}

/** Bytes and EOF as they come. Two EOFs are no end here: the server waits for the program's. */
const passOn = (other: IStreamTransport, lost: (reason: CloseReason) => void): IHalfCloseableProtocol => ({
  makeConnection: () => undefined,
  dataReceived: data => other.write(data),
  readConnectionLost: () => {
    other.unregisterProducer();
    other.loseWriteConnection();
  },
  writeConnectionLost: () => undefined,
  connectionLost: reason => {
    other.unregisterProducer();
    lost(reason);
  },
});
