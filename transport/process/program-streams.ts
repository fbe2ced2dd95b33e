/**
 * The streams of one program: what its protocol hears through them, which are still open, and all of them at once.
 *
 * What the end of one means for the program is its transport's to decide.
 */
import type { IBorrower, IOutputBorrower } from '../borrowed.ts';
import type { CloseReason } from '../close-reason.ts';
import type { IHalfCloseableProtocol, IProcessProtocol, IProcessTransport } from '../contracts.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ProgramStreamParts } from './running-program.ts';

/** Whose streams they are. */
export interface StreamsOwner {
  /** Whether what arrives is still wanted. */
  readonly isOpen: boolean;
  /** A stream says no more; with a reason, its connection is gone. Perhaps not for the first time. */
  streamEnded(stream: Endpoint, reason?: CloseReason): void;
}

export class ProgramStreams {
  readonly all: readonly Endpoint[];
  readonly #parts: ProgramStreamParts;
  readonly #owner: StreamsOwner;
  readonly #open: Set<Endpoint>;
  #outputClosed = false;

  constructor(parts: ProgramStreamParts, owner: StreamsOwner) {
    const { main, error, descriptors } = parts;
    this.all = [main, ...(error ? [error] : []), ...descriptors.streams];
    this.#parts = parts;
    this.#owner = owner;
    this.#open = new Set(this.all);
  }

  /** `makeConnection`, and from then on what the program says. */
  start(protocol: IProcessProtocol | (IProcessProtocol & IOutputBorrower), transport: IProcessTransport): void {
    const { main, error, descriptors } = this.#parts;
    main.start(
      'outBorrowed' in protocol
        ? new BorrowedOutput(this, main, protocol, transport)
        : new Output(this, main, protocol, transport),
    );
    error?.start(new ErrorOutput(this, error, protocol));
    descriptors.start(protocol, this.#owner);
  }

  /** Whether each of them has ended. */
  get areOver(): boolean {
    return this.#open.size === 0;
  }

  /** `stream` has ended: answers whether for the first time. */
  ended(stream: Endpoint): boolean {
    return this.#open.delete(stream);
  }

  pause(): void {
    for (const stream of this.all) if (!this.#isDropped(stream)) stream.pauseProducing();
  }

  resume(): void {
    for (const stream of this.all) stream.resumeProducing();
  }

  /** The connection of each is over. */
  end(reason: CloseReason): void {
    for (const stream of this.all) stream.ended(reason);
  }

  abort(): void {
    for (const stream of this.all) stream.abortConnection();
  }

  /** What has been read before is dropped, and what stands behind it is not kept waiting by a pause. */
  closeOutput(): void {
    if (!this.#owner.isOpen || this.#outputClosed) return;
    this.#outputClosed = true;
    this.#parts.closeOutput();
    this.#parts.main.resumeProducing();
  }

  /** Whether anybody wants what the program says there. */
  isWanted(stream: Endpoint): boolean {
    return this.#owner.isOpen && !this.#isDropped(stream);
  }

  heardEnd(stream: Endpoint, reason?: CloseReason): void {
    this.#owner.streamEnded(stream, reason);
  }

  #isDropped(stream: Endpoint): boolean {
    return this.#outputClosed && stream === this.#parts.main;
  }
}

/** What is heard of one stream. */
abstract class StreamListener implements IHalfCloseableProtocol {
  protected readonly stream: Endpoint;
  readonly #streams: ProgramStreams;

  constructor(streams: ProgramStreams, stream: Endpoint) {
    this.#streams = streams;
    this.stream = stream;
  }

  protected get isWanted(): boolean {
    return this.#streams.isWanted(this.stream);
  }

  abstract dataReceived(data: Uint8Array): void;

  makeConnection(): void {
    // The program's transport is all that its protocol is given.
  }

  readConnectionLost(): void {
    this.#streams.heardEnd(this.stream);
  }

  writeConnectionLost(): void {
    // A program does not say whether it reads.
  }

  connectionLost(reason: CloseReason): void {
    this.#streams.heardEnd(this.stream, reason);
  }
}

class ErrorOutput extends StreamListener {
  readonly #protocol: IProcessProtocol;

  constructor(streams: ProgramStreams, stream: Endpoint, protocol: IProcessProtocol) {
    super(streams, stream);
    this.#protocol = protocol;
  }

  dataReceived(data: Uint8Array): void {
    if (this.isWanted) this.#protocol.errReceived(data);
  }
}

class Output<Protocol extends IProcessProtocol> extends StreamListener {
  protected readonly protocol: Protocol;
  readonly #transport: IProcessTransport;

  constructor(streams: ProgramStreams, stream: Endpoint, protocol: Protocol, transport: IProcessTransport) {
    super(streams, stream);
    this.protocol = protocol;
    this.#transport = transport;
  }

  override makeConnection(): void {
    this.protocol.makeConnection(this.#transport);
  }

  dataReceived(data: Uint8Array): void {
    if (this.isWanted) this.protocol.outReceived(data);
  }
}

class BorrowedOutput extends Output<IProcessProtocol & IOutputBorrower> implements IBorrower {
  dataBorrowed(data: Uint8Array): void {
    if (this.isWanted) this.protocol.outBorrowed(data);
  }
}
