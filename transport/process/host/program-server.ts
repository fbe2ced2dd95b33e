/**
 * The process host's side of the line: starts what it is told to start, and serves it.
 *
 * What cannot be started is refused, and nothing else happens. A line that breaks the framing is over, as is one that
 * closes; whoever runs this ends the process then, which hangs up every program that is left.
 */
import type { IProtocol, IStreamTransport } from '../../contracts.ts';
import { asError, errorCodes } from '../../errors.ts';
import { startPipesAside } from '../pipes.ts';
import { startPtyAside } from '../pty.ts';
import { CONTROL, FrameReader, HOST_ITSELF, SIZE, type Frame } from './frames.ts';
import { INPUT_WINDOW, LaneStreams } from './lane-streams.ts';
import { Lanes } from './lanes.ts';
import { decodeToHost, encodeMessage, type FromHost, type ToHost } from './messages.ts';
import { ServedProgram } from './served-program.ts';

export class ProgramServer implements IProtocol {
  readonly #lost: () => void;
  readonly #reader = new FrameReader();
  readonly #programs = new Map<number, ServedProgram>();
  #line: { readonly lanes: Lanes; readonly streams: LaneStreams } | undefined;

  /** `lost` is called when the server has gone. */
  constructor(lost: () => void) {
    this.#lost = lost;
  }

  makeConnection(connection: IStreamTransport): void {
    const lanes = new Lanes(connection);
    this.#line = { lanes, streams: new LaneStreams(lanes, INPUT_WINDOW) };
    this.#say(HOST_ITSELF, { kind: 'ready' });
  }

  dataReceived(data: Uint8Array): void {
    for (const frame of this.#reader.feed(data)) this.#frameReceived(frame);
  }

  connectionLost(): void {
    this.#lost();
  }

  #frameReceived(frame: Frame): void {
    if (frame.lane !== CONTROL && frame.lane !== SIZE) return this.#line?.streams.received(frame);
    const message = decodeToHost(frame.bytes);
    if (message.kind === 'start') void this.#start(frame.program, message);
    else if (message.kind === 'ping') this.#say(HOST_ITSELF, { kind: 'pong' });
    else this.#programs.get(frame.program)?.obey(message);
  }

  async #start(id: number, { program, terminal }: Extract<ToHost, { kind: 'start' }>): Promise<void> {
    const streams = this.#line?.streams;
    if (!streams) return;
    try {
      const running = await (terminal ? startPtyAside(program, terminal) : startPipesAside(program));
      const context = { id, streams, say: this.#say.bind(this, id), over: () => this.#programs.delete(id) };
      this.#programs.set(id, new ServedProgram(running, context));
    } catch (error) {
      this.#say(id, { kind: 'refused', ...codeOf(error), message: asError(error).message });
    }
  }

  #say(program: number, message: FromHost): void {
    this.#line?.lanes.post({ program, lane: CONTROL, bytes: encodeMessage(message) });
  }
}

function codeOf(error: unknown): Pick<Extract<FromHost, { kind: 'refused' }>, 'code'> {
  const thrown: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const code = errorCodes.find(code => code === thrown);
  return code ? { code } : {};
}
