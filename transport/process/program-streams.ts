/**
 * The streams of one program: what its protocol hears through them, which are still open, and all of them at once.
 *
 * What the end of one means for the program is its transport's to decide.
 */
import type { IOutputBorrower } from '../borrowed.ts';
import type { CloseReason } from '../close-reason.ts';
import type { IHalfCloseableProtocol, IProcessProtocol, IProcessTransport } from '../contracts.ts';
import type { Endpoint } from '../endpoint.ts';
import type { ProgramStreamParts } from './running-program.ts';

export interface StreamEvents {
  /** Whether what arrives is still wanted. */
  readonly isOpen: () => boolean;
  /** A stream says no more; with a reason, its connection is gone. Perhaps not for the first time. */
  readonly ended: (stream: Endpoint, reason?: CloseReason) => void;
}

export class ProgramStreams {
  readonly all: readonly Endpoint[];
  readonly #parts: ProgramStreamParts;
  readonly #events: StreamEvents;
  readonly #open: Set<Endpoint>;
  #outputClosed = false;

  constructor(parts: ProgramStreamParts, events: StreamEvents) {
    const { main, error, descriptors } = parts;
    this.all = [main, ...(error ? [error] : []), ...descriptors.streams];
    this.#parts = parts;
    this.#events = events;
    this.#open = new Set(this.all);
  }

  /** `makeConnection`, and from then on what the program says. */
  start(protocol: IProcessProtocol, transport: IProcessTransport): void {
    const { main, error, descriptors } = this.#parts;
    main.start(this.#output(protocol, transport));
    error?.start(this.#listener(error, data => protocol.errReceived(data)));
    descriptors.start(protocol, this.#events);
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
    if (!this.#events.isOpen() || this.#outputClosed) return;
    this.#outputClosed = true;
    this.#parts.closeOutput();
    this.#parts.main.resumeProducing();
  }

  #isDropped(stream: Endpoint): boolean {
    return this.#outputClosed && stream === this.#parts.main;
  }

  /** Of standard output, for a protocol that borrows and for one that does not. */
  #output(
    protocol: IProcessProtocol | (IProcessProtocol & IOutputBorrower),
    transport: IProcessTransport,
  ): IHalfCloseableProtocol {
    const deliver = (data: Uint8Array): void => {
      if (!this.#outputClosed) protocol.outReceived(data);
    };
    const listener = {
      ...this.#listener(this.#parts.main, deliver),
      makeConnection: (): void => protocol.makeConnection(transport),
    };
    if (!('outBorrowed' in protocol)) return listener;
    const dataBorrowed = (data: Uint8Array): void => {
      if (this.#events.isOpen() && !this.#outputClosed) protocol.outBorrowed(data);
    };
    return Object.assign(listener, { dataBorrowed });
  }

  #listener(stream: Endpoint, deliver: (data: Uint8Array) => void): IHalfCloseableProtocol {
    const { isOpen, ended } = this.#events;
    return {
      makeConnection: () => undefined,
      dataReceived: data => {
        if (isOpen()) deliver(data);
      },
      readConnectionLost: () => ended(stream),
      writeConnectionLost: () => undefined,
      connectionLost: reason => ended(stream, reason),
    };
  }
}
