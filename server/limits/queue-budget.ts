/**
 * Bytes that wait in memory, counted for each connection and for all, with a bound for both.
 *
 * It is told of every change; it counts and decides, and closes nothing itself. Decisions are made after the call that
 * brought the change: that may be a write in the middle of somebody's work.
 */
import type { LimitName } from './limit-names.ts';

export type QueueLimit = Extract<LimitName, 'queued-bytes' | 'total-queued-bytes'>;

export class QueueBudget {
  readonly #limit: number;
  readonly #shares = new Set<QueueShare>();
  #bytes = 0;
  #looking = false;

  /** Bytes of all connections together. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The share of one connection, of at most `limit` bytes; `exceeded` is told once, when it has to go. */
  open(limit: number, exceeded: (limit: QueueLimit) => void): QueueShare {
    const share = new QueueShare(limit, exceeded, this);
    this.#shares.add(share);
    return share;
  }

  /** Of a share: it has closed. */
  closed(share: QueueShare): void {
    this.#shares.delete(share);
  }

  /** Of a share: so many more wait, or fewer. */
  changed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limit || this.#looking) return;
    this.#looking = true;
    queueMicrotask(() => this.#makeRoom());
  }

  /** Whoever goes is counted no longer, so that one is enough if it was the one. */
  #makeRoom(): void {
    this.#looking = false;
    while (this.#bytes > this.#limit) {
      const largest = [...this.#shares].reduce((a, b) => (b.bytes > a.bytes ? b : a));
      largest.exceed('total-queued-bytes');
    }
  }
}

export class QueueShare {
  readonly #limit: number;
  readonly #exceeded: (limit: QueueLimit) => void;
  readonly #budget: QueueBudget;
  #state: 'open' | 'exceeded' | 'closed' = 'open';
  #bytes = 0;

  constructor(limit: number, exceeded: (limit: QueueLimit) => void, budget: QueueBudget) {
    this.#limit = limit;
    this.#exceeded = exceeded;
    this.#budget = budget;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** So many more wait, or fewer. */
  change(bytes: number): void {
    if (this.#state === 'closed') return;
    this.#bytes += bytes;
    this.#budget.changed(bytes);
    if (this.#bytes <= this.#limit || this.#state !== 'open') return;
    this.#state = 'exceeded';
    queueMicrotask(() => this.exceed('queued-bytes'));
  }

  /** Its connection has to go. */
  exceed(limit: QueueLimit): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#exceeded(limit);
  }

  /** Count it no longer. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#budget.changed(-this.#bytes);
    this.#bytes = 0;
    this.#budget.closed(this);
  }
}
