/**
 * A program's descriptors from 3 up: two-way streams that end by themselves, without ending the program.
 *
 * A program may close one when it likes, and so may we. Only too much waiting for it, and a protocol that throws, are
 * the whole program's end.
 */
import type { IChildDescriptorProtocol, IProcessProtocol, IProtocol } from '../contracts.ts';
import type { CloseReason } from '../close-reason.ts';
import type { Endpoint } from '../endpoint.ts';
import { LocalMisuseError } from '../errors.ts';

/** Whose they are. */
export interface DescriptorsOwner {
  /** Whether what arrives is still wanted. */
  readonly isOpen: boolean;
  /** A stream has ended: by itself, or for a `fault` that ends the program. */
  streamEnded(stream: Endpoint, fault?: CloseReason): void;
}

const none: ReadonlyMap<number, Endpoint> = new Map();

export class ChildDescriptors {
  readonly #streams: ReadonlyMap<number, Endpoint>;

  constructor(streams = none) {
    this.#streams = streams;
  }

  /** By number. */
  get entries(): ReadonlyMap<number, Endpoint> {
    return this.#streams;
  }

  get streams(): readonly Endpoint[] {
    return [...this.#streams.values()];
  }

  start(protocol: IProcessProtocol | IChildDescriptorProtocol, owner: DescriptorsOwner): void {
    for (const [descriptor, stream] of this.#streams) stream.start(listener(descriptor, stream, protocol, owner));
  }

  write(descriptor: number, data: Uint8Array): void {
    const stream = this.#streams.get(descriptor);
    if (!stream) throw new LocalMisuseError(`the program was not started with descriptor ${descriptor} to write to`);
    stream.write(data);
  }

  close(descriptor: number): void {
    this.#streams.get(descriptor)?.loseConnection();
  }
}

function listener(
  descriptor: number,
  stream: Endpoint,
  protocol: IProcessProtocol | IChildDescriptorProtocol,
  owner: DescriptorsOwner,
): IProtocol {
  const listening = 'childDataReceived' in protocol ? protocol : undefined;
  return {
    makeConnection: () => undefined,
    dataReceived: data => {
      if (owner.isOpen) listening?.childDataReceived(descriptor, data);
    },
    connectionLost: reason => {
      const isFault = reason.kind === 'overflow' || reason.kind === 'protocol-error';
      try {
        listening?.childConnectionLost(descriptor);
      } finally {
        owner.streamEnded(stream, isFault ? reason : undefined);
      }
    },
  };
}
