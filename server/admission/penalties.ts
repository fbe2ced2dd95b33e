/**
 * Penalties for sources that misbehave, as sshd's PerSourcePenalties: each adds time, and once more than the least has
 * come together the source is refused until its time is over. sshd_config(5), OpenSSH 10.
 *
 * Memory is bounded by the number of sources; what is over is forgotten. There is no timer in here and no clock.
 */
import type { Source } from './networks.ts';
import type { PenaltyCause, PenaltyOptions } from './options.ts';

/** What has just been done to a source. */
export interface Penalty {
  readonly cause: PenaltyCause;
  /** How long it now has in front of it, in milliseconds. */
  readonly left: number;
  /** Whether it is refused from now on, and was not before. */
  readonly begins: boolean;
}

/** Why a source may not connect; `full` if there are more penalised sources than we can remember. */
export interface PenaltyRefusal {
  readonly cause: PenaltyCause | 'full';
  /** In milliseconds; 0 if nobody knows. */
  readonly left: number;
}

export class Penalties {
  readonly #options: PenaltyOptions;
  readonly #tables: Readonly<Record<Source['family'], PenaltyTable>>;

  constructor(options: PenaltyOptions) {
    const { maxSources4, maxSources6, overflow4, overflow6 } = options;
    this.#options = options;
    this.#tables = {
      ipv4: new PenaltyTable(maxSources4, overflow4 === 'deny-all'),
      ipv6: new PenaltyTable(maxSources6, overflow6 === 'deny-all'),
    };
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#tables.ipv4.size + this.#tables.ipv6.size;
  }

  /** Whether, and why, `source` may not connect at `now`. */
  refusal({ name, family }: Source, now: number): PenaltyRefusal | undefined {
    return this.#options.enabled ? this.#tables[family].refusal(name, now) : undefined;
  }

  /** Undefined if nothing was done: no such penalty, or no room for it. */
  add({ name, family }: Source, cause: PenaltyCause, now: number): Penalty | undefined {
    const { enabled, min, max, [cause]: time } = this.#options;
    return enabled && time > 0 ? this.#tables[family].add(name, { cause, time, min, max }, now) : undefined;
  }
}

interface Entry {
  readonly until: number;
  readonly active: boolean;
  readonly cause: PenaltyCause;
}

/** Granularity of forgetting, in milliseconds. */
const SLOT = 1_000;

class PenaltyTable {
  readonly #maxSources: number;
  readonly #denyAll: boolean;
  readonly #entries = new Map<string, Entry>();
  /** Sources by the second in which they may be forgotten: as many seconds as the longest penalty has. */
  readonly #slots = new Map<number, Set<string>>();
  #forgotten = -Infinity;

  constructor(maxSources: number, denyAll: boolean) {
    this.#maxSources = maxSources;
    this.#denyAll = denyAll;
  }

  get size(): number {
    return this.#entries.size;
  }

  refusal(name: string, now: number): PenaltyRefusal | undefined {
    this.#forget(now);
    if (this.#denyAll && this.size >= this.#maxSources) return { cause: 'full', left: 0 };
    const entry = this.#entries.get(name);
    if (!entry?.active || entry.until <= now) return undefined;
    return { cause: entry.cause, left: entry.until - now };
  }

  add(
    name: string,
    { cause, time, min, max }: { cause: PenaltyCause; time: number; min: number; max: number },
    now: number,
  ): Penalty | undefined {
    this.#forget(now);
    const before = this.#take(name);
    if (!before && !this.#makeRoom()) return undefined;
    const carried = before && before.until > now ? before : undefined;
    const left = Math.min((carried?.until ?? now) - now + time, max);
    const active = carried?.active === true || left > min;
    this.#put(name, { until: now + left, active, cause });
    return { cause, left, begins: active && carried?.active !== true };
  }

  #take(name: string): Entry | undefined {
    const entry = this.#entries.get(name);
    if (entry) this.#remove(name, entry);
    return entry;
  }

  #put(name: string, entry: Entry): void {
    const slot = slotOf(entry);
    const names = this.#slots.get(slot) ?? new Set();
    this.#slots.set(slot, names.add(name));
    this.#entries.set(name, entry);
  }

  #remove(name: string, entry: Entry): void {
    const slot = slotOf(entry);
    const names = this.#slots.get(slot);
    names?.delete(name);
    if (names?.size === 0) this.#slots.delete(slot);
    this.#entries.delete(name);
  }

  #makeRoom(): boolean {
    if (this.size < this.#maxSources) return true;
    if (this.#denyAll) return false;
    const soonest = [...this.#slots.keys()].reduce((a, b) => Math.min(a, b));
    const [name] = this.#slots.get(soonest) ?? [];
    if (name !== undefined) this.#take(name);
    return true;
  }

  /** At most once for each slot of time. */
  #forget(now: number): void {
    const current = Math.floor(now / SLOT);
    if (current <= this.#forgotten) return;
    this.#forgotten = current;
    for (const [slot, names] of this.#slots) {
      if (slot > current) continue;
      for (const name of names) this.#entries.delete(name);
      this.#slots.delete(slot);
    }
  }
}

/** By the end of its slot it is over. */
const slotOf = ({ until }: Entry): number => Math.ceil(until / SLOT);
