/**
 * The log of refusals, which a flood cannot fill.
 *
 * The first of each reason and source is reported by itself; what is like it, or is too many, as one number for each
 * reason when ten seconds are over. Nothing is remembered for longer. Where no source was counted it is the host: each
 * connection of one has another port, or, as the system likes, one that was there before.
 */
import { addressText, type Address } from '../../transport/address.ts';
import type { ServerEvent } from '../events.ts';
import type { Refusal, RefusalReason } from './refusals.ts';

/** How long refusals are counted together, in milliseconds, and how many of them have a line of their own. */
const PERIOD = 10_000;
const LINES = 20;

export class RefusalLog {
  readonly #report: (event: ServerEvent) => void;
  readonly #seen = new Set<string>();
  readonly #counts = new Map<RefusalReason, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(report: (event: ServerEvent) => void) {
    this.#report = report;
  }

  note(refusal: Refusal, from: Address, proxy?: string): void {
    this.#timer ??= setTimeout(() => this.close(), PERIOD).unref();
    const { reason, source, cause, left } = refusal;
    const peer = addressText(from);
    const like = `${reason} ${source ?? (from.kind === 'tcp' ? from.host : peer)}`;
    if (this.#seen.has(like) || this.#seen.size >= LINES) return this.#count(reason);
    this.#seen.add(like);
    const more = {
      ...(source === undefined ? {} : { source }),
      ...(cause === undefined ? {} : { cause }),
      ...(left === undefined ? {} : { leftMs: Math.ceil(left) }),
      ...(proxy === undefined ? {} : { proxy }),
    };
    this.#report({ event: 'connection-refused', level: 'warn', peer, reason, ...more });
  }

  /** Say what was counted, and begin anew. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seen.clear();
    for (const [reason, count] of this.#counts) {
      this.#report({ event: 'connections-refused', level: 'warn', reason, count, periodMs: PERIOD });
    }
    this.#counts.clear();
  }

  #count(reason: RefusalReason): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }
}
