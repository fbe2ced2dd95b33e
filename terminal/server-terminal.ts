/**
 * The person's terminal at the other end of a connection: operations out, keystrokes in.
 *
 * It draws nothing by itself and keeps no screen. What was changed is put back before the connection is closed, however
 * that comes about from this side. After Twisted's insults.ServerProtocol, with its bugs left behind (docs/twisted.md).
 */
import type { Address } from '../transport/address.ts';
import type { CloseReason } from '../transport/close-reason.ts';
import type {
  IHalfCloseableProtocol,
  IPullProducer,
  IPushProducer,
  IStreamTransport,
  TerminalSize,
} from '../transport/contracts.ts';
import { asError } from '../transport/errors.ts';
import { warnOfProtocol } from '../transport/warnings.ts';
import type { Capabilities } from './capabilities/capabilities.ts';
import { guessCapabilities } from './capabilities/known-terminals.ts';
import { probe } from './capabilities/probe.ts';
import type { ITerminalProtocol, ITerminalTransport } from './contracts.ts';
import { EscapeDelay } from './escape-delay.ts';
import { Newlines } from './newlines.ts';
import { Changes } from './operations/changes.ts';
import type { ResolvedTerminalOptions } from './options.ts';
import { privateModes } from './output/modes.ts';
import { text } from './output/text.ts';
import { Questions } from './reports/questions.ts';
import { ReportingTerminal } from './reports/reporting-terminal.ts';
import { TerminalInput } from './terminal-input.ts';

/** Exit status of a program that failed. */
const FAILED = 1;

/** How a program ended. */
export interface TerminalEnd {
  /** Its exit status; 1 if it failed. */
  readonly code: number;
  /** What it failed with. */
  readonly failure: Error | undefined;
}

/** How a terminal closes what is below it, after everything has been put back. */
export type CloseTerminal = (end: TerminalEnd) => void;

export class ServerTerminal extends ReportingTerminal implements ITerminalTransport {
  /** What the connection talks to. */
  readonly receiver: IHalfCloseableProtocol;
  readonly term: string;
  protected readonly mayCopy: boolean;
  protected readonly questions: Questions;
  readonly #transport: IStreamTransport;
  readonly #protocol: ITerminalProtocol;
  readonly #close: CloseTerminal;
  readonly #options: ResolvedTerminalOptions;
  readonly #input: TerminalInput;
  readonly #changes = new Changes();
  readonly #newlines = new Newlines();
  /** `closing`: `loseConnection` was called, and waits for the producer. */
  #state: 'open' | 'closing' | 'closed' = 'open';
  /** From then on nothing is changed any more. */
  #isPutBack = false;
  /** From then on nobody is told anything any more. */
  #isOver = false;
  #producer: IPushProducer | IPullProducer | undefined;
  #exitCode = 0;
  #failure: Error | undefined;
  #tellOver = (): void => undefined;
  readonly #over = new Promise<void>(resolve => (this.#tellOver = resolve));
  #size: TerminalSize;
  #capabilities: Capabilities;
  #probed: Promise<Capabilities> | undefined;

  constructor(
    transport: IStreamTransport,
    protocol: ITerminalProtocol,
    options: ResolvedTerminalOptions,
    close: CloseTerminal,
  ) {
    super();
    const escapeDelay = new EscapeDelay(options.escapeTimeout);
    this.questions = new Questions(options.clock, options.reportTimeout, time => escapeDelay.roundTrip(time));
    this.term = options.term;
    this.mayCopy = options.clipboard;
    this.#transport = transport;
    this.#protocol = protocol;
    this.#close = close;
    this.#options = options;
    this.#size = options.size;
    this.#capabilities = guessCapabilities(options.term, options.colorterm);
    this.#input = new TerminalInput({
      protocol,
      questions: this.questions,
      escapeDelay,
      options,
      tellsSize: () => this.#changes.has(`private mode ${privateModes.inBandResize}`),
      resized: size => this.resized(size),
      guard: call => this.#guard(call),
    });
    this.receiver = this.#makeReceiver();
  }

  get size(): TerminalSize {
    return this.#size;
  }

  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  probe(): Promise<Capabilities> {
    this.#probed ??= probe(this.#capabilities, (...question) => this.ask(...question)).then(
      capabilities => (this.#capabilities = capabilities),
    );
    return this.#probed;
  }

  /** The session says that the terminal has a new size. */
  resized(size: TerminalSize): void {
    const { columns, rows, widthPixels, heightPixels } = this.#size;
    const isSame = size.columns === columns && size.rows === rows;
    if (isSame && size.widthPixels === widthPixels && size.heightPixels === heightPixels) return;
    this.#size = size;
    this.#input.decoder.size = size;
    if (this.#state === 'open') this.#guard(() => this.#protocol.terminalSize(size));
  }

  // — bytes —

  write(data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`write takes a Uint8Array or a string, got ${typeof data}`);
    this.#transport.write(this.#options.convertNewlines ? this.#newlines.convert(bytes) : bytes);
  }

  writeSequence(chunks: Iterable<Uint8Array>): void {
    for (const chunk of chunks) this.write(chunk);
  }

  writeText(content: string): void {
    this.write(text(content));
  }

  getPeer(): Address {
    return this.#transport.getPeer();
  }

  getHost(): Address {
    return this.#transport.getHost();
  }

  registerProducer(producer: IPushProducer | IPullProducer, streaming: boolean): void {
    if (isPush(producer, streaming)) this.#transport.registerProducer(producer, true);
    else this.#transport.registerProducer(producer, false);
    this.#producer = producer;
  }

  unregisterProducer(): void {
    this.#producer = undefined;
    this.#transport.unregisterProducer();
    if (this.#state === 'closing') this.#putBackAndClose();
  }

  /** Keys that have come with the one being told are still told. */
  pauseProducing(): void {
    this.#transport.pauseProducing();
  }

  resumeProducing(): void {
    this.#transport.resumeProducing();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  // — the end —

  loseConnection(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#input.stop();
    if (!this.#producer) this.#putBackAndClose();
  }

  exit(code: number): void {
    if (!Number.isInteger(code) || code < 0 || code > 255)
      throw new RangeError(`an exit status is a whole number from 0 to 255, got ${code}`);
    if (this.#state === 'open') this.#exitCode = code;
    this.loseConnection();
  }

  fail(error: Error): void {
    if (this.#failure) return;
    if (this.#isOver) return warnOfProtocol(error); // nobody else is left to be told
    this.#failure = error;
    this.#input.stop();
    this.#stopProducer();
    if (this.#state !== 'closed') this.#putBackAndClose();
  }

  loseWriteConnection(): void {
    this.#putBack();
    this.#transport.loseWriteConnection();
  }

  /** What puts the terminal back is handed on first; it is sent only where nothing else waits to be. */
  abortConnection(): void {
    this.#state = 'closed';
    this.#input.stop();
    this.#putBack();
    queueMicrotask(() => this.#transport.abortConnection());
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.loseConnection();
    return this.#over;
  }

  // — operations —

  protected send(sequence: string): void {
    if (sequence !== '') this.#transport.write(Buffer.from(sequence, 'utf8'));
  }

  protected change(what: string, sequence: string, undo: string): void {
    if (this.#isPutBack) return;
    this.#changes.made(what, undo);
    this.send(sequence);
  }

  protected changeBack(what: string, sequence: string): void {
    this.#changes.unmade(what);
    this.send(sequence);
  }

  protected forgetChanges(): void {
    this.#changes.takeUndo();
    this.#input.decoder.mousePixels = false;
  }

  protected override privateModeSet(mode: number, on: boolean): void {
    super.privateModeSet(mode, on);
    if (mode === privateModes.mouseSgrPixels) this.#input.decoder.mousePixels = on;
  }

  // — from the connection —

  #makeReceiver(): IHalfCloseableProtocol {
    return {
      makeConnection: () => this.#guard(() => this.#protocol.makeConnection(this)),
      dataReceived: data => this.#input.feed(data),
      readConnectionLost: () => this.#hungUp(),
      writeConnectionLost: () => undefined,
      connectionLost: reason => this.#lost(reason),
    };
  }

  /** No key will come any more, which for a terminal is the end. */
  #hungUp(): void {
    this.#input.end();
    this.#stopProducer();
    this.loseConnection();
  }

  #lost(reason: CloseReason): void {
    if (this.#state === 'open') this.#input.end();
    this.#input.stop();
    this.#state = 'closed';
    this.#isOver = true;
    this.questions.close(reason);
    try {
      this.#protocol.connectionLost(this.#failure ? { kind: 'protocol-error', error: this.#failure } : reason);
    } finally {
      this.#tellOver();
    }
  }

  // — the program failed, or wants to end —

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.fail(asError(error));
    }
  }

  #stopProducer(): void {
    const producer = this.#producer;
    if (!producer) return;
    this.#producer = undefined;
    producer.stopProducing();
    this.#transport.unregisterProducer();
  }

  #putBackAndClose(): void {
    this.#state = 'closed';
    this.#putBack();
    this.#close({ code: this.#failure ? FAILED : this.#exitCode, failure: this.#failure });
  }

  #putBack(): void {
    if (this.#isPutBack) return;
    this.#isPutBack = true;
    this.send(this.#changes.takeUndo());
  }
}

const isPush = (producer: IPushProducer | IPullProducer, streaming: boolean): producer is IPushProducer =>
  streaming && 'pauseProducing' in producer;
