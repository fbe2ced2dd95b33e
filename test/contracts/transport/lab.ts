/** What one promise's test is given: connected pairs of recorders, the declared endings, and cleaning up afterwards. */
import type { CloseReason } from '../../../transport/close-reason.ts';
import type { IProtocol, IStreamTransport, QueueLimits } from '../../../transport/contracts.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';

/** Connect `near` to `far` through the transport under test; both have been given a transport when it resolves. */
export type Connect = (near: IProtocol, far: IProtocol, limits?: QueueLimits) => void | Promise<void>;

type Kind = CloseReason['kind'];

/** Abilities that a promise may need. All are true unless declared otherwise. */
export interface Abilities {
  /** EOF can be sent and received on its own. */
  readonly halfClose: boolean;
  /** With EOF sent and received, the connection waits for `loseConnection`. */
  readonly outlivesEof: boolean;
  /** A reader that pauses stops the writer at the other end. */
  readonly backPressure: boolean;
  /** `connect` passes `limits` on. */
  readonly limits: boolean;
  /** Asks pull producers, pauses push producers, waits for both when closing. */
  readonly producers: boolean;
  /** A protocol that throws loses its own connection and nothing else. */
  readonly guards: boolean;
}

/** Reasons heard when they are not the usual ones, e.g. a program's end is `exited`. */
export interface Endings {
  /** Near, after an orderly close by either end. @default done */
  readonly closed: Kind;
  /** Far, after an orderly close by either end. @default done */
  readonly closedThere: Kind;
  /** Near, after its own abort. @default aborted */
  readonly aborted: Kind;
  /** Far, after near's abort. @default lost */
  readonly abortedThere: Kind;
  /** Near, after far's abort. @default lost */
  readonly abortedByPeer: Kind;
  /** Near, after more was written than may wait. @default overflow */
  readonly overflowed: Kind;
}

export interface Capabilities extends Abilities {
  readonly endings: Partial<Endings>;
}

export interface ContractPromise {
  /** A sentence that is true of every transport. */
  readonly title: string;
  readonly needs?: ReadonlyArray<keyof Abilities>;
  readonly check: (lab: Lab) => Promise<void>;
}

/** Two connected recorders and their transports; `near` and `out` are under test. */
export interface Pair<N extends Recorder, F extends Recorder> {
  readonly near: N;
  readonly far: F;
  readonly out: IStreamTransport;
  readonly back: IStreamTransport;
}

const usualEndings: Endings = {
  closed: 'done',
  closedThere: 'done',
  aborted: 'aborted',
  abortedThere: 'lost',
  abortedByPeer: 'lost',
  overflowed: 'overflow',
};

export class Lab {
  readonly endings: Endings;
  readonly #connect: Connect;
  readonly #abilities: Partial<Abilities>;
  readonly #opened: Recorder[] = [];

  constructor(connect: Connect, capabilities: Partial<Capabilities>) {
    this.#connect = connect;
    this.#abilities = capabilities;
    this.endings = { ...usualEndings, ...capabilities.endings };
  }

  /** Run one check, and whatever comes of it end all that it opened. */
  static async run(
    connect: Connect,
    capabilities: Partial<Capabilities>,
    check: ContractPromise['check'],
  ): Promise<void> {
    const lab = new Lab(connect, capabilities);
    try {
      await check(lab);
    } finally {
      for (const { transport } of lab.#opened) transport.abortConnection();
      await Promise.all(lab.#opened.map(recorder => recorder.ended()));
    }
  }

  can(ability: keyof Abilities): boolean {
    return this.#abilities[ability] ?? true;
  }

  async pair<N extends Recorder, F extends Recorder>(near: N, far: F, limits: QueueLimits = {}): Promise<Pair<N, F>> {
    await this.#connect(near, far, limits);
    this.#opened.push(near, far);
    return { near, far, out: near.transport, back: far.transport };
  }

  /** Plain protocols at both ends. */
  plain(limits?: QueueLimits): Promise<Pair<Recorder, Recorder>> {
    return this.pair(new Recorder(), new Recorder(), limits);
  }

  /** Half-closeable protocols at both ends. */
  halfCloseable(limits?: QueueLimits): Promise<Pair<HalfCloseableRecorder, HalfCloseableRecorder>> {
    return this.pair(new HalfCloseableRecorder(), new HalfCloseableRecorder(), limits);
  }
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `length` bytes in which every place is told from its neighbours, so that a loss or a swap is seen. */
export function pattern(length: number): Uint8Array {
  const places = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) places[index] = index * 31 + (index >> 8);
  return places;
}
