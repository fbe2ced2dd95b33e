/**
 * The window that the peer grants: how much we may still send on a channel. RFC 4254 §5.2.
 *
 * To a peer that is near, no more is under way than keeps it busy. One that takes hundreds of megabytes a second is fed
 * as well by a few hundred KiB as by all of its window, but what has waited there has left its processor's cache:
 * OpenSSH's client takes twice as long for each byte when it is two megabytes behind.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

const MAX_WINDOW = 0xffff_ffff;

/** How much is under way at least, in bytes. */
const LEAST_BYTES = 256 * 1024;
/** And in the peer's last steps: it grants nothing before a step is full. */
const LEAST_STEPS = 3;
/** And in bytes for each millisecond of its quickest answer: no path is held below 1 GiB a second, however long. */
const BYTES_PER_MS = 1024 * 1024;
/** How long a peer that seems near may grant nothing, in milliseconds, before it gets all that it would take. */
const PATIENCE_MS = 20;

/** Whose window it is. */
export interface SendWindowOwner {
  /** There is room, though the peer has granted no more. */
  roomAgain(): void;
}

export class SendWindow {
  readonly #owner: SendWindowOwner;
  #left: number;
  /** Sent, and not granted again. */
  #underWay = 0;
  /** How much of that is enough. */
  #enough = Infinity;
  /** The quickest answer, in milliseconds: later ones have had our own bytes before them. */
  #quickest = Infinity;
  #patience: NodeJS.Timeout | undefined;
  /** A byte that is under way: how many are granted until it is, and when it left, in milliseconds. */
  #probe: { before: number; readonly since: number } | undefined;

  /** The peer granted `bytes` with the channel. */
  constructor(bytes: number, owner: SendWindowOwner) {
    this.#left = bytes;
    this.#owner = owner;
  }

  /** What may be sent now, in bytes. */
  get room(): number {
    return this.#underWay < this.#enough ? this.#left : 0;
  }

  /** At most what there was room for. */
  sent(bytes: number): void {
    this.#left -= bytes;
    this.#underWay += bytes;
    this.#probe ??= { before: this.#underWay, since: performance.now() };
  }

  /** Throws RemoteProtocolError for more than a window can be. */
  granted(bytes: number): void {
    this.close();
    this.#left += bytes;
    if (this.#left > MAX_WINDOW) throw new RemoteProtocolError('RFC 4254 §5.2', 'window above 2^32 - 1 bytes');
    this.#underWay = Math.max(0, this.#underWay - bytes);
    if (this.#probe) this.#judge(bytes, this.#probe);
  }

  /** There is no room, and something waits for it: not for long, unless it is the peer that keeps it waiting. */
  waitForRoom(): void {
    if (this.#left > 0) this.#patience ??= setTimeout(() => setImmediate(() => this.#lift()), PATIENCE_MS).unref();
  }

  /** Nothing more is to be sent. */
  close(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  /** The peer must be further than it was, or grant larger steps; if what it granted was not read late, that is. */
  #lift(): void {
    if (!this.#patience) return;
    this.#patience = undefined;
    this.#quickest = Infinity;
    this.#enough = Infinity;
    this.#owner.roomAgain();
  }

  #judge(step: number, probe: { before: number; readonly since: number }): void {
    probe.before -= step;
    if (probe.before > 0) return;
    this.#probe = undefined;
    this.#quickest = Math.min(this.#quickest, performance.now() - probe.since);
    this.#enough = Math.max(LEAST_BYTES, LEAST_STEPS * step, BYTES_PER_MS * this.#quickest);
  }
}
