/**
 * Protocols for tests: they write down every call, and let a test wait for what it expects.
 *
 * Waiting is by event, never by sleeping: `until` looks again whenever this recorder hears something, and fails with
 * what was seen when its deadline passes.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import type { IHalfCloseableProtocol, IProtocol, IStreamTransport } from '../../transport/contracts.ts';
import { PATIENCE } from './patience.ts';

/** What to do besides writing down; runs inside the call, after it was written down. */
export interface Reactions {
  readonly makeConnection?: (transport: IStreamTransport) => void;
  readonly dataReceived?: (data: Uint8Array) => void;
  readonly readConnectionLost?: () => void;
  readonly writeConnectionLost?: () => void;
  readonly connectionLost?: (reason: CloseReason) => void;
}

interface Waiter {
  readonly predicate: () => boolean;
  readonly resolve: () => void;
}

/** A plain protocol: the peer's EOF ends its connection. */
export class Recorder implements IProtocol {
  /** Set by `makeConnection`, and kept after the end on purpose: tests use it then. */
  transport!: IStreamTransport;
  /** The names of the calls, in order; a test may add its own. */
  readonly calls: string[] = [];
  readonly chunks: Uint8Array[] = [];
  /** Bytes received so far. */
  received = 0;
  /** How many times `connectionLost` came: 0 or, if the contract holds, 1. */
  lost = 0;
  reason: CloseReason | undefined;
  protected readonly reactions: Reactions;
  readonly #waiters = new Set<Waiter>();

  constructor(reactions: Reactions = {}) {
    this.reactions = reactions;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }

  makeConnection(transport: IStreamTransport): void {
    this.transport = transport;
    this.note('makeConnection', () => this.reactions.makeConnection?.(transport));
  }

  dataReceived(data: Uint8Array): void {
    this.chunks.push(new Uint8Array(data));
    this.received += data.length;
    this.note('dataReceived', () => this.reactions.dataReceived?.(data));
  }

  connectionLost(reason: CloseReason): void {
    this.lost += 1;
    this.reason ??= reason;
    this.note('connectionLost', () => this.reactions.connectionLost?.(reason));
  }

  /** Write `call` down, react, and wake whoever waits for it. */
  note(call: string, react: () => void = () => undefined): void {
    this.calls.push(call);
    try {
      react();
    } finally {
      for (const waiter of this.#waiters) if (waiter.predicate()) waiter.resolve();
    }
  }

  /** Resolves when `predicate` holds; looked at now and after every call. Rejects after `deadline` milliseconds. */
  async until(predicate: () => boolean, deadline = PATIENCE): Promise<void> {
    if (predicate()) return;
    const late = new Error(`waited ${deadline} ms for ${predicate.toString()}`);
    await new Promise<void>((resolve, reject) => {
      const waiter = { predicate, resolve: () => settle(resolve) };
      const timer = setTimeout(() => settle(() => reject(explain(late, this))), deadline);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        then();
      };
      this.#waiters.add(waiter);
    });
  }

  /** Resolves with the reason when the connection has ended. */
  async ended(deadline?: number): Promise<CloseReason> {
    await this.until(() => this.lost > 0, deadline);
    return this.reason!;
  }
}

/** A protocol that keeps its connection when one direction has ended. */
export class HalfCloseableRecorder extends Recorder implements IHalfCloseableProtocol {
  /** How many times each direction's end was told. */
  readLost = 0;
  writeLost = 0;

  readConnectionLost(): void {
    this.readLost += 1;
    this.note('readConnectionLost', this.reactions.readConnectionLost);
  }

  writeConnectionLost(): void {
    this.writeLost += 1;
    this.note('writeConnectionLost', this.reactions.writeConnectionLost);
  }
}

function explain(late: Error, { calls, received, reason }: Recorder): Error {
  const seen = calls.length > 12 ? `… ${calls.slice(-12).join(', ')}` : calls.join(', ');
  late.message += `; heard ${seen || 'nothing'}; ${received} bytes; ended: ${reason ? reason.kind : 'no'}`;
  return late;
}
