/**
 * The way between a terminal app and the screen of its test: as fast as memory, or as hostile as a network.
 *
 * Bytes towards the app come in any pieces; bytes from it are taken only as fast as the link allows, so that the app feels
 * a slow reader. Its time is the test's. Pieces come from a seed, so that a failure can be had again.
 */
import { setImmediate } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConfigError } from '../../transport/errors.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { join } from '../../transport/memory/loopback.ts';
import type { Clock } from '../clock.ts';

export interface HostileLink {
  /** Into what pieces keys and answers are cut: single bytes, or random ones by a seed. @default not at all */
  readonly split?: 'bytes' | number;
  /** Milliseconds that everything takes, in each direction. @default 0 */
  readonly latency?: number;
  /** Bytes of the app that get through in a second. @default as many as it writes */
  readonly bytesPerSecond?: number;
}

const names: ReadonlySet<string> = new Set(['split', 'latency', 'bytesPerSecond']);

/** Turns of the event loop in which nothing moves: then nothing will, until time passes or somebody types. */
const QUIET_TURNS = 4;
/** An app that never rests is not waited for. */
const MOST_TURNS = 2_000;

export class Link {
  /** The app's end. */
  readonly near: Endpoint;
  readonly #far: Endpoint;
  readonly #clock: Clock;
  readonly #hostile: HostileLink;
  readonly #random: () => number;
  readonly #receive: (data: Uint8Array) => void;
  /** Counts all that has moved. */
  #moves = 0;
  #frozen = false;
  #underway = 0;

  /** `receive` gets what the app writes. Throws ConfigError. */
  constructor(clock: Clock, hostile: HostileLink, receive: (data: Uint8Array) => void) {
    const unknown = Object.keys(hostile).find(name => !names.has(name));
    if (unknown !== undefined) throw new ConfigError(`hostile.${unknown}`, 'there is no such option');
    this.#clock = clock;
    this.#hostile = hostile;
    this.#random = randomNumbers(typeof hostile.split === 'number' ? hostile.split : 0);
    this.#receive = receive;
    [this.near, this.#far] = join(undefined, undefined, {}, deliver => void setImmediate(deliver));
    this.#far.start({
      makeConnection: () => undefined,
      dataReceived: data => this.#received(data),
      connectionLost: () => (this.#moves += 1),
    });
  }

  /** Resolves when nothing moves any more; calls `passTime` as long as bytes wait for time to pass. */
  async settle(passTime: () => void): Promise<void> {
    let quiet = 0;
    for (let turn = 0; quiet < QUIET_TURNS && turn < MOST_TURNS; turn += 1) {
      const moves = this.#moves;
      await nextTurn();
      if (this.#underway > 0) passTime();
      quiet = moves === this.#moves && this.#underway === 0 ? quiet + 1 : 0;
    }
  }

  /** Towards the app. */
  send(data: Uint8Array): void {
    for (const piece of this.#pieces(data)) this.#later(() => this.#far.write(piece));
  }

  /** Take nothing of what the app writes until `thaw`. */
  freeze(): void {
    this.#frozen = true;
    this.#far.pauseProducing();
  }

  thaw(): void {
    this.#frozen = false;
    this.#far.resumeProducing();
  }

  hangUp(): void {
    this.#far.loseConnection();
  }

  /** As a cable that is cut. */
  cut(): void {
    this.#far.abortConnection();
  }

  #received(data: Uint8Array): void {
    this.#moves += 1;
    this.#slowDown(data.length);
    this.#later(() => this.#receive(data));
  }

  /** Read on when the link has carried so many bytes. */
  #slowDown(length: number): void {
    const { bytesPerSecond } = this.#hostile;
    if (bytesPerSecond === undefined) return;
    this.#far.pauseProducing();
    this.#after((length / bytesPerSecond) * 1_000, () => {
      if (!this.#frozen) this.#far.resumeProducing();
    });
  }

  #later(act: () => void): void {
    const { latency = 0 } = this.#hostile;
    if (latency === 0) act();
    else this.#after(latency, act);
  }

  #after(delay: number, act: () => void): void {
    this.#underway += 1;
    this.#clock.after(delay, () => {
      this.#underway -= 1;
      this.#moves += 1;
      act();
    });
  }

  #pieces(data: Uint8Array): Uint8Array[] {
    const { split } = this.#hostile;
    if (split === undefined) return [data];
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < data.length;) {
      const length = split === 'bytes' ? 1 : 1 + Math.floor(this.#random() * 5);
      pieces.push(data.slice(at, at + length));
      at += length;
    }
    return pieces;
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
