/**
 * A running program as its protocol sees it: one or two streams, and an end in two steps.
 *
 * The streams are Endpoints, so queueing, pausing and closing are theirs; this file only tells their ends and the
 * program's apart: exited when it was reaped, ended when its output is over too. It refuses to know pipes from ptys.
 * After Twisted's Process and IProcessProtocol; what happens to input at the exit is as in sshd (session.c).
 */
import type { Address } from '../address.ts';
import { done, type CloseReason, type ExitStatus } from '../close-reason.ts';
import type { IProcessProtocol, IProcessTransport, IPullProducer, IPushProducer, TerminalSize } from '../contracts.ts';
import { Deferred } from '../adapters/deferred.ts';
import type { Endpoint } from '../endpoint.ts';
import { warnOfProtocol } from '../warnings.ts';
import { ProgramStreams, type StreamsOwner } from './program-streams.ts';
import type { ProcessParts, RunningProgram } from './running-program.ts';
import { ToldProtocol } from './told-protocol.ts';

/** Give a program to `protocol`. */
export function attach({ parts, onExit, onInputLost }: RunningProgram, protocol: IProcessProtocol): IProcessTransport {
  const transport = new ProcessTransport(parts, protocol);
  onExit(status => transport.exited(status));
  onInputLost?.(() => transport.inputLost());
  return transport;
}

export class ProcessTransport implements IProcessTransport, StreamsOwner {
  readonly #parts: ProcessParts;
  readonly #told: ToldProtocol;
  readonly #streams: ProgramStreams;
  #status: ExitStatus | undefined;
  #state: 'open' | 'closing' | 'ended' = 'open';
  /** There once somebody waits for the end. */
  #over: Deferred | undefined;

  /** Take over a program that has just been started: calls `makeConnection`, then delivers. */
  constructor(parts: ProcessParts, protocol: IProcessProtocol) {
    this.#parts = parts;
    this.#told = new ToldProtocol(protocol, this);
    this.#streams = new ProgramStreams(parts, this);
    this.#streams.start(protocol, this);
  }

  get pid(): number | null {
    return this.#parts.leader.pid;
  }

  signalProcess(signal: string | number): boolean {
    return this.#parts.leader.signal(signal);
  }

  resize(size: TerminalSize): void {
    this.#parts.resize(size);
  }

  write(data: Uint8Array): void {
    this.#parts.main.write(data);
  }

  writeBorrowed(data: Uint8Array): void {
    this.#parts.main.writeBorrowed(data);
  }

  writeSequence(chunks: Iterable<Uint8Array>): void {
    this.#parts.main.writeSequence(chunks);
  }

  loseWriteConnection(): void {
    this.#parts.main.loseWriteConnection();
  }

  writeToChild(descriptor: number, data: Uint8Array): void {
    if (descriptor === 0) this.write(data);
    else this.#parts.descriptors.write(descriptor, data);
  }

  closeChildFD(descriptor: number): void {
    if (descriptor === 0) this.loseWriteConnection();
    else if (descriptor === 1) this.#streams.closeOutput();
    else if (descriptor === 2) this.#parts.error?.loseConnection();
    else this.#parts.descriptors.close(descriptor);
  }

  loseConnection(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#parts.main.loseConnection();
    for (const stream of this.#parts.descriptors.streams) stream.loseConnection();
    this.#parts.error?.resumeProducing(); // read and dropped, so that the program does not stop on a full pipe
  }

  hangUp(): void {
    if (this.#state === 'ended') return;
    this.#state = 'closing';
    this.#parts.tell?.('hang-up');
    this.#streams.end(done);
  }

  abortConnection(): void {
    if (this.#state !== 'ended') this.#parts.tell?.('abort');
    this.#streams.abort();
  }

  registerProducer(producer: IPushProducer | IPullProducer, streaming: boolean): void {
    this.#parts.main.registerProducer(producer, streaming);
  }

  unregisterProducer(): void {
    this.#parts.main.unregisterProducer();
  }

  pauseProducing(): void {
    if (this.#state === 'open') this.#streams.pause();
  }

  resumeProducing(): void {
    this.#streams.resume();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  /** `loseConnection`; resolves after `processEnded`, however long the program takes. */
  [Symbol.asyncDispose](): Promise<void> {
    this.loseConnection();
    return this.over;
  }

  getPeer(): Address {
    return this.#parts.main.getPeer();
  }

  getHost(): Address {
    return this.#parts.main.getHost();
  }

  /** Whoever started the program: it has been reaped. What it wrote before may still be on its way. */
  exited(status: ExitStatus): void {
    this.#status = status;
    this.#parts.leader.reaped();
    this.#told.exited(status);
    if (this.#state === 'closing') this.#streams.end({ kind: 'exited', ...status });
    this.#endIfOver();
  }

  /** Whoever started the program: it has closed its input. */
  inputLost(): void {
    if (this.#state === 'open') this.#told.inputLost();
  }

  /** Whoever started the program has died, so nobody will tell how it ends. Behind the end this does nothing. */
  lost(error: Error): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#parts.leader.reaped();
    this.#streams.end({ kind: 'lost', error });
    this.#told.lost(error);
    this.#over?.resolve();
  }

  /** Resolves when the protocol has heard the last of it. */
  get over(): Promise<void> {
    this.#over ??= this.#state === 'ended' ? Deferred.resolved() : new Deferred();
    return this.#over.promise;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** One stream is gone: in order, or taking the whole program with it. */
  streamEnded(stream: Endpoint, reason?: CloseReason): void {
    if (reason) this.#streamLost(reason);
    if (this.#streams.ended(stream)) this.#tellOutputLost(stream);
    this.#endIfOver();
  }

  #streamLost(reason: CloseReason): void {
    if (reason.kind === 'protocol-error') warnOfProtocol(reason.error);
    if (reason.kind === 'done') this.#parts.error?.loseConnection();
    else if (reason.kind !== 'exited') this.abortConnection();
  }

  /** Only pipes are told of: of a terminal nobody knows whether the program will open it again. */
  #tellOutputLost(stream: Endpoint): void {
    const { main, error } = this.#parts;
    if (!error || this.#state === 'ended') return;
    if (stream === main) this.#told.outputLost('out');
    else if (stream === error) this.#told.outputLost('err');
  }

  #endIfOver(): void {
    const status = this.#status;
    if (!status || !this.#streams.areOver || this.#state === 'ended') return;
    this.#state = 'ended';
    this.#streams.end({ kind: 'exited', ...status });
    this.#told.ended(status);
    this.#over?.resolve();
  }
}
