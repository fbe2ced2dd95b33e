/**
 * The server's side of the line to one process host: asks for programs, and is there for them until the line is lost.
 *
 * It starts no host and restarts none (process-host.ts does).
 */
import type { Address } from '../../address.ts';
import type { IProcessProtocol, IProcessTransport, IProtocol, IStreamTransport, QueueLimits } from '../../contracts.ts';
import type { Endpoint } from '../../endpoint.ts';
import { IncompatibleLibraryError, SpawnError } from '../../errors.ts';
import { ChildDescriptors } from '../child-descriptors.ts';
import type { ProcessTransport } from '../process-transport.ts';
import type { Program } from '../program.ts';
import type { Terminal } from '../started-on-terminal.ts';
import { CONTROL, FrameReader, HOST_ITSELF, MOST_BYTES, SIZE } from './frames.ts';
import { hostedProcess, type Orders } from './hosted-process.ts';
import { LaneStreams, OUTPUT_WINDOW } from './lane-streams.ts';
import { Lanes } from './lanes.ts';
import { decodeFromHost, encodeMessage, type FromHost, type ToHost } from './messages.ts';

/** A program that the host has been asked for, and whoever waits for it. */
interface Wanted {
  readonly kind: 'wanted';
  readonly protocol: IProcessProtocol;
  readonly limits: QueueLimits;
  readonly resolve: (process: IProcessTransport) => void;
  readonly reject: (error: Error) => void;
}

type Known = Wanted | { readonly kind: 'running'; readonly process: ProcessTransport };

interface LineEvents {
  /** The host can start programs. */
  readonly ready: () => void;
  /** It has said something. */
  readonly heard: () => void;
  readonly lost: () => void;
}

export class HostLine implements IProtocol {
  readonly #events: LineEvents;
  readonly #reader = new FrameReader();
  readonly #programs = new Map<number, Known>();
  #line: { readonly lanes: Lanes; readonly streams: LaneStreams } | undefined;
  #lastId = HOST_ITSELF;

  constructor(events: LineEvents) {
    this.#events = events;
  }

  /** How many programs are running or wanted. */
  get programs(): number {
    return this.#programs.size;
  }

  /** Rejects with SpawnError, and then the protocol hears nothing. */
  start(
    start: { readonly program: Program; readonly terminal?: Terminal },
    protocol: IProcessProtocol,
    limits: QueueLimits = {},
  ): Promise<IProcessTransport> {
    return new Promise((resolve, reject) => {
      const bytes = encodeMessage({ kind: 'start', ...start });
      if (bytes.length > MOST_BYTES) {
        throw new SpawnError(`cannot start ${start.program.file}: its arguments and environment are too long`);
      }
      const id = this.#newId();
      this.#programs.set(id, { kind: 'wanted', protocol, limits, resolve, reject });
      this.#line?.lanes.post({ program: id, lane: CONTROL, bytes });
    });
  }

  /** Ask the host for a word, unless so many questions wait already. */
  ping(): void {
    const lanes = this.#line?.lanes;
    if (lanes?.hasRoom(HOST_ITSELF) !== true) return;
    lanes.post({ program: HOST_ITSELF, lane: CONTROL, bytes: encodeMessage({ kind: 'ping' }) });
  }

  /** Let the host end, which hangs up what it still runs. */
  close(): void {
    this.#line?.lanes.close();
  }

  /** The host has ended. */
  ended(error: Error): void {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    for (const known of programs) {
      if (known.kind === 'running') known.process.lost(error);
      else known.reject(new SpawnError(`cannot start the program: ${error.message}`, { cause: error }));
    }
  }

  // — from the line —

  makeConnection(connection: IStreamTransport): void {
    const lanes = new Lanes(connection);
    this.#line = { lanes, streams: new LaneStreams(lanes, OUTPUT_WINDOW) };
  }

  dataReceived(data: Uint8Array): void {
    this.#events.heard();
    for (const frame of this.#reader.feed(data)) {
      if (frame.lane === CONTROL) this.#told(frame.program, decodeFromHost(frame.bytes));
      else this.#line?.streams.received(frame);
    }
  }

  connectionLost(): void {
    this.#events.lost();
  }

  #told(id: number, message: FromHost): void {
    if (message.kind === 'ready') return this.#events.ready();
    const known = this.#programs.get(id);
    if (known?.kind === 'running') {
      if (message.kind === 'exited') known.process.exited(message.status);
      else if (message.kind === 'input-lost') known.process.inputLost();
    } else if (known && message.kind === 'started') this.#started(id, known, message);
    else if (known && message.kind === 'refused') {
      this.#programs.delete(id);
      const ErrorType = message.code === 'ERR_INCOMPATIBLE_LIBRARY' ? IncompatibleLibraryError : SpawnError;
      known.reject(new ErrorType(message.message));
    }
  }

  #started(id: number, { protocol, limits, resolve }: Wanted, message: Extract<FromHost, { kind: 'started' }>): void {
    const streams = this.#openStreams(id, message, limits);
    const process = hostedProcess(streams, message.pid, this.#orders(id), protocol);
    this.#programs.set(id, { kind: 'running', process });
    void process.over.then(() => this.#programs.delete(id));
    resolve(process);
  }

  #openStreams(
    program: number,
    { pid, tty, lanes }: Extract<FromHost, { kind: 'started' }>,
    limits: QueueLimits,
  ): { readonly main: Endpoint; readonly error?: Endpoint; readonly descriptors: ChildDescriptors } {
    const line = this.#line;
    if (!line) throw new Error('a message has come over no line');
    const peer: Address = Object.freeze({ kind: 'process', pid, ...(tty === undefined ? {} : { tty }) });
    const host: Address = Object.freeze({ kind: 'process', pid: process.pid });
    const open = (lane: number): Endpoint => line.streams.open({ program, lane }, { peer, host }, limits);
    const descriptors = lanes.filter(lane => lane > 2).map((lane): [number, Endpoint] => [lane, open(lane)]);
    const standard = lanes.includes(2) ? { main: open(0), error: open(2) } : { main: open(0) };
    return { ...standard, descriptors: new ChildDescriptors(new Map(descriptors)) };
  }

  /** Once a program is over, what it is told is told to nobody. */
  #orders(program: number): Orders {
    const say = (lane: number, message: ToHost): void => {
      if (this.#programs.has(program)) this.#line?.lanes.post({ program, lane, bytes: encodeMessage(message) });
    };
    return {
      signal: number => {
        if (!this.#line?.lanes.hasRoom(program)) return false;
        say(CONTROL, { kind: 'signal', number });
        return true;
      },
      resize: size => {
        this.#line?.lanes.drop({ program, lane: SIZE });
        say(SIZE, { kind: 'resize', size });
      },
      end: kind => say(CONTROL, { kind }),
    };
  }

  #newId(): number {
    do this.#lastId = (this.#lastId % 0xffff_ffff) + 1;
    while (this.#programs.has(this.#lastId));
    return this.#lastId;
  }
}
