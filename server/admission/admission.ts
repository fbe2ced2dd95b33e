/**
 * Admission: whether one more connection may come in, by how many there are, where it comes from, and what its source
 * did before. In the order of sshd: penalties first, then chance, then the limits of the source.
 *
 * It counts; it closes nothing. Sources that have left and are not penalised are forgotten. Why no library counts:
 * docs/decisions/007-admission-counts-for-itself.md.
 */
import type { Address } from '../../transport/address.ts';
import { NetworkList, sourceOf, type Source } from './networks.ts';
import type { PenaltyCause, ResolvedAdmission } from './options.ts';
import { Penalties, type Penalty } from './penalties.ts';
import type { Refusal } from './refusals.ts';
import { dropsStartup } from './startups.ts';

/** What one connection takes up. */
export interface Place {
  /** It has logged in, and waits no longer. */
  loggedIn(): void;
  /** It has ended; its source is penalised for `cause`. Once. */
  leave(cause?: PenaltyCause): void;
}

/** What decides besides the options; a test puts its own here. */
export interface AdmissionContext {
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** In milliseconds, from any beginning; never goes back. */
  readonly now: () => number;
  /** A source is refused from now on. */
  readonly penalised: (source: string, penalty: Penalty) => void;
}

interface Count {
  connections: number;
  startups: number;
}

export class Admission {
  readonly #options: ResolvedAdmission;
  readonly #context: AdmissionContext;
  readonly #penalties: Penalties;
  readonly #exempt: readonly NetworkList[];
  readonly #all: Count = { connections: 0, startups: 0 };
  readonly #bySource = new Map<string, Count>();

  /** Besides those that the options name, networks in `exempt` are never penalised. */
  constructor(options: ResolvedAdmission, context: AdmissionContext, exempt: readonly NetworkList[] = []) {
    this.#options = options;
    this.#context = context;
    this.#penalties = new Penalties(options.penalties);
    this.#exempt = [new NetworkList('admission.penalties.exempt', options.penalties.exempt), ...exempt];
  }

  get connections(): number {
    return this.#all.connections;
  }

  /** Sources and penalties that are remembered. */
  get remembered(): number {
    return this.#bySource.size + this.#penalties.size;
  }

  admit(peer: Address): Place | Refusal {
    const source = peer.kind === 'tcp' ? sourceOf(peer.host, this.#options.source) : undefined;
    const refusal = this.#refusal(peer, source);
    if (refusal) return source ? { ...refusal, source: source.name } : refusal;
    return this.#take(peer, source);
  }

  #refusal(peer: Address, source: Source | undefined): Refusal | undefined {
    const { maxConnections, startups, source: perSource } = this.#options;
    const penalty = source && this.#penalties.refusal(source, this.#context.now());
    if (penalty && !this.#isExempt(peer))
      return penalty.cause === 'full' ? { reason: 'penalty-full' } : { reason: 'penalty', ...penalty };
    if (isFull(this.#all.connections, maxConnections)) return { reason: 'connections' };
    if (dropsStartup(this.#all.startups, startups, this.#context.random)) return { reason: 'startups' };
    const count = source && this.#bySource.get(source.name);
    if (count && isFull(count.startups, perSource.maxStartups)) return { reason: 'source-startups' };
    if (count && isFull(count.connections, perSource.maxConnections)) return { reason: 'source-connections' };
    return undefined;
  }

  #take(peer: Address, source: Source | undefined): Place {
    this.#count(source, { connections: 1, startups: 1 });
    return new TakenPlace(peer, source, this);
  }

  // — of a place —

  loggedIn(source: Source | undefined): void {
    this.#count(source, { connections: 0, startups: -1 });
  }

  left(peer: Address, source: Source | undefined, cause: PenaltyCause | undefined): void {
    this.#count(source, { connections: -1, startups: 0 });
    if (source && this.#countOf(source).connections === 0) this.#bySource.delete(source.name);
    if (source && cause && !this.#isExempt(peer)) this.#penalise(source, cause);
  }

  #count(source: Source | undefined, more: Count): void {
    for (const count of source ? [this.#all, this.#countOf(source)] : [this.#all]) {
      count.connections += more.connections;
      count.startups += more.startups;
    }
  }

  #penalise(source: Source, cause: PenaltyCause): void {
    const penalty = this.#penalties.add(source, cause, this.#context.now());
    if (penalty?.begins) this.#context.penalised(source.name, penalty);
  }

  #isExempt(peer: Address): boolean {
    return peer.kind !== 'tcp' || this.#exempt.some(list => list.has(peer.host));
  }

  #countOf({ name }: Source): Count {
    const count = this.#bySource.get(name) ?? { connections: 0, startups: 0 };
    this.#bySource.set(name, count);
    return count;
  }
}

class TakenPlace implements Place {
  readonly #peer: Address;
  readonly #source: Source | undefined;
  readonly #admission: Admission;
  #waits = true;

  constructor(peer: Address, source: Source | undefined, admission: Admission) {
    this.#peer = peer;
    this.#source = source;
    this.#admission = admission;
  }

  loggedIn(): void {
    if (this.#waits) this.#admission.loggedIn(this.#source);
    this.#waits = false;
  }

  leave(cause?: PenaltyCause): void {
    this.loggedIn();
    this.#admission.left(this.#peer, this.#source, cause);
  }
}

/** A limit of 0 is none. */
const isFull = (count: number, limit: number): boolean => limit > 0 && count >= limit;
