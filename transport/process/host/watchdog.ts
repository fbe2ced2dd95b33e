/**
 * Whether a process host still answers: it is asked at intervals, and given up when it has said nothing for too long.
 *
 * Anything that it says counts. Silence is counted in turns of this process's own timer, of which a process that was
 * stopped, suspended or busy itself misses all but one: it reads what has come meanwhile before the next, and accuses
 * nobody. A host that is only busy answers between two programs, long before the limit.
 */
import { ConfigError } from '../../errors.ts';

/** How long a host may say nothing, in milliseconds: a machine that swaps, or a slow file system, is no fault of its. */
export const ANSWER_TIME = 30_000;

/** Turns within the time. */
const TURNS = 10;

export interface WatchdogEvents {
  /** Ask for a sign of life. */
  readonly ask: () => void;
  /** The time is over. Called once. */
  readonly giveUp: () => void;
}

export class Watchdog {
  readonly #events: WatchdogEvents;
  readonly #timer: NodeJS.Timeout | undefined;
  /** Since something was heard. */
  #silentTurns = 0;

  /** `answerTime` in milliseconds; 0 watches nothing. */
  constructor(answerTime: number, events: WatchdogEvents) {
    this.#events = events;
    if (answerTime > 0) this.#timer = setInterval(() => this.#turn(), answerTime / TURNS).unref();
  }

  heard(): void {
    this.#silentTurns = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    if (this.#silentTurns === 0) this.#events.ask();
    this.#silentTurns += 1;
    if (this.#silentTurns <= TURNS) return;
    this.stop();
    this.#events.giveUp();
  }
}

/** Throws ConfigError for what is no time. */
export function checkAnswerTime(answerTime: number): number {
  if (answerTime >= 0 && answerTime <= 0x7fff_ffff) return answerTime;
  throw new ConfigError('answerTime', `must be 0 or more milliseconds, got ${answerTime}`);
}
