/**
 * A running program as its protocol sees it: one or two streams, and an end in two steps.
 *
 * The streams are Endpoints, so queueing, pausing and closing are theirs; this file only tells their ends and the
 * program's apart: exited when it was reaped, ended when its output is over too. It refuses to know pipes from ptys.
 * After Twisted's Process and IProcessProtocol; what happens to input at the exit is as in sshd (session.c).
 */
import type { Address } from '../address.ts';
import type { IBorrower, IOutputBorrower } from '../borrowed.ts';
import { done, type CloseReason, type ExitStatus } from '../close-reason.ts';
import type {
  IHalfCloseableProtocol,
  IInputLossProtocol,
  IOutputLossProtocol,
  IProcessProtocol,
  IProcessTransport,
  IPullProducer,
  IPushProducer,
  TerminalSize,
} from '../contracts.ts';
import type { Endpoint } from '../endpoint.ts';
import { asError } from '../errors.ts';
import type { ChildDescriptors } from './child-descriptors.ts';
import type { ProgramLeader } from './leader.ts';

export interface ProcessParts {
  readonly leader: ProgramLeader;
  /** Standard input and output, or the terminal. */
  readonly main: Endpoint;
  /** Standard error, where it is apart. */
  readonly error?: Endpoint;
  /** Descriptors from 3 up. */
  readonly descriptors: ChildDescriptors;
  readonly resize: (size: TerminalSize) => void;
  /** Stop the program's standard output: a pipe is closed, a terminal is read no more. */
  readonly closeOutput: () => void;
  /** Tell whoever holds more of the program's input than these streams do. @default nobody does */
  readonly tell?: (end: 'hang-up' | 'abort') => void;
}

/** A program that has been started and that nobody listens to yet. */
export interface RunningProgram {
  readonly parts: ProcessParts;
  /** Whom to call, once, when the program has been reaped: never before the turn in which it was started is over. */
  readonly onExit: (listener: (status: ExitStatus) => void) => void;
  /** Whom to call, once, when input has been written in vain. Absent on a pty. */
  readonly onInputLost?: (listener: () => void) => void;
}

/** Give a program to `protocol`. */
export function attach({ parts, onExit, onInputLost }: RunningProgram, protocol: IProcessProtocol): IProcessTransport {
  const transport = new ProcessTransport(parts, protocol);
  onExit(status => transport.exited(status));
  onInputLost?.(() => transport.inputLost());
  return transport;
}

export class ProcessTransport implements IProcessTransport {
  readonly #parts: ProcessParts;
  readonly #protocol:
    IProcessProtocol | IInputLossProtocol | IOutputLossProtocol | (IProcessProtocol & IOutputBorrower);
  readonly #openStreams = new Set<Endpoint>();
  #status: ExitStatus | undefined;
  #outputClosed = false;
  #state: 'open' | 'closing' | 'ended' = 'open';
  #tellOver = (): void => undefined;
  readonly #over = new Promise<void>(resolve => (this.#tellOver = resolve));

  /** Take over a program that has just been started: calls `makeConnection`, then delivers. */
  constructor(parts: ProcessParts, protocol: IProcessProtocol) {
    this.#parts = parts;
    this.#protocol = protocol;
    for (const stream of this.#streams) this.#openStreams.add(stream);
    parts.main.start(this.#output(protocol));
    parts.error?.start(this.#listenTo(parts.error, data => protocol.errReceived(data)));
    parts.descriptors.start(protocol, {
      isOpen: () => this.#state === 'open',
      ended: (stream, fault) => (fault ? this.#streamLost(stream, fault) : this.#streamEnded(stream)),
    });
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
    else if (descriptor === 1) this.#closeOutput();
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
    for (const stream of this.#streams) stream.ended(done);
  }

  abortConnection(): void {
    if (this.#state !== 'ended') this.#parts.tell?.('abort');
    for (const stream of this.#streams) stream.abortConnection();
  }

  registerProducer(producer: IPushProducer | IPullProducer, streaming: boolean): void {
    this.#parts.main.registerProducer(producer, streaming);
  }

  unregisterProducer(): void {
    this.#parts.main.unregisterProducer();
  }

  pauseProducing(): void {
    if (this.#state !== 'open') return;
    for (const stream of this.#streams) if (!this.#isDropped(stream)) stream.pauseProducing();
  }

  resumeProducing(): void {
    for (const stream of this.#streams) stream.resumeProducing();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  /** `loseConnection`; resolves after `processEnded`, however long the program takes. */
  [Symbol.asyncDispose](): Promise<void> {
    this.loseConnection();
    return this.#over;
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
    this.#guard(() => this.#protocol.processExited(status));
    if (this.#state === 'closing') this.#endStreams(status);
    this.#endIfOver();
  }

  /** Whoever started the program: it has closed its input. */
  inputLost(): void {
    const protocol = this.#protocol;
    if (this.#state === 'open' && 'inConnectionLost' in protocol) this.#guard(() => protocol.inConnectionLost());
  }

  /** Whoever started the program has died, so nobody will tell how it ends. Behind the end this does nothing. */
  lost(error: Error): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#parts.leader.reaped();
    for (const stream of this.#streams) stream.ended({ kind: 'lost', error });
    this.#guard(() => this.#protocol.processLost(error));
    this.#tellOver();
  }

  /** Resolves when the protocol has heard the last of it. */
  get over(): Promise<void> {
    return this.#over;
  }

  /** What has been read before is dropped, and what stands behind it is not kept waiting by a pause. */
  #closeOutput(): void {
    if (this.#state !== 'open' || this.#outputClosed) return;
    this.#outputClosed = true;
    this.#parts.closeOutput();
    this.#parts.main.resumeProducing();
  }

  #isDropped(stream: Endpoint): boolean {
    return this.#outputClosed && stream === this.#parts.main;
  }

  get #streams(): readonly Endpoint[] {
    const { main, error, descriptors } = this.#parts;
    return [main, ...(error ? [error] : []), ...descriptors.streams];
  }

  /** Standard output, for a protocol that borrows and for one that does not. */
  #output(protocol: IProcessProtocol | (IProcessProtocol & IOutputBorrower)): IHalfCloseableProtocol {
    const wanted = (deliver: (data: Uint8Array) => void) => (data: Uint8Array) => {
      if (!this.#outputClosed) deliver(data);
    };
    const listener = this.#listenTo(
      this.#parts.main,
      wanted(data => protocol.outReceived(data)),
      () => protocol.makeConnection(this),
    );
    if (!('outBorrowed' in protocol)) return listener;
    const borrow = wanted(data => protocol.outBorrowed(data));
    const dataBorrowed: IBorrower['dataBorrowed'] = data => {
      if (this.#state === 'open') borrow(data);
    };
    return { ...listener, ...{ dataBorrowed } };
  }

  #listenTo(
    stream: Endpoint,
    deliver: (data: Uint8Array) => void,
    connect = (): void => undefined,
  ): IHalfCloseableProtocol {
    return {
      makeConnection: connect,
      dataReceived: data => {
        if (this.#state === 'open') deliver(data);
      },
      readConnectionLost: () => this.#streamEnded(stream),
      writeConnectionLost: () => undefined,
      connectionLost: reason => this.#streamLost(stream, reason),
    };
  }

  /** One stream is gone: in order, or taking the whole program with it. */
  #streamLost(stream: Endpoint, reason: CloseReason): void {
    if (reason.kind === 'protocol-error') warn(reason.error);
    if (reason.kind === 'done') this.#parts.error?.loseConnection();
    else if (reason.kind !== 'exited') this.abortConnection();
    this.#streamEnded(stream);
  }

  #streamEnded(stream: Endpoint): void {
    if (this.#openStreams.delete(stream)) this.#tellOutputLost(stream);
    this.#endIfOver();
  }

  /** Only pipes are told of: of a terminal nobody knows whether the program will open it again. */
  #tellOutputLost(stream: Endpoint): void {
    const { main, error } = this.#parts;
    const protocol = this.#protocol;
    if (!error || this.#state === 'ended' || !('outConnectionLost' in protocol)) return;
    if (stream === main) this.#guard(() => protocol.outConnectionLost());
    else if (stream === error) this.#guard(() => protocol.errConnectionLost());
  }

  #endIfOver(): void {
    const status = this.#status;
    if (!status || this.#openStreams.size > 0 || this.#state === 'ended') return;
    this.#state = 'ended';
    this.#endStreams(status);
    this.#guard(() => this.#protocol.processEnded(status));
    this.#tellOver();
  }

  #endStreams(status: ExitStatus): void {
    for (const stream of this.#streams) stream.ended({ kind: 'exited', ...status });
  }

  /** The protocol threw where no Endpoint is there to catch it: it loses its program, nobody else does. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      warn(asError(error));
      this.abortConnection();
    }
  }
}

/** `processEnded` carries no reason, so what a protocol threw is told here. */
const warn = ({ stack, message }: Error): void => process.emitWarning(stack ?? message, 'ProtocolWarning');
