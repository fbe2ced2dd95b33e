/**
 * Those who wait for a text to show something, in the order in which they came.
 *
 * Nobody is served before one who has waited longer, so a script of waits reads in the order in which things happen. It
 * looks only when it is told to, and stops every timer. After Twisted's ExpectableBuffer.
 */
import { asError, LocalMisuseError } from '../../transport/errors.ts';
import { systemClock, type Clock } from '../clock.ts';

export interface WaitOptions {
  /** Milliseconds until the wait is given up. @default 5_000 */
  readonly deadline?: number;
  /** Gives the wait up, with its reason. */
  readonly signal?: AbortSignal;
  /** @default the system's */
  readonly clock?: Clock;
}

export const waitDefaults = Object.freeze({ deadline: 5_000, clock: systemClock });

export interface ScreenMatch {
  /** What matched. */
  readonly text: string;
  /** Its groups, by number. */
  readonly groups: readonly (string | undefined)[];
  /** Where it begins: the row, and how many UTF-16 units stand before it in that row. */
  readonly row: number;
  readonly offset: number;
}

/** What was waited for did not come. The screen as it was stands in the message. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
  readonly screen: string;
  constructor(pattern: string | RegExp, why: string, screen: string) {
    super(`${why}: the screen does not show ${patternText(pattern)}\n${framed(screen)}`);
    this.screen = screen;
  }
}

export const patternText = (pattern: string | RegExp): string =>
  typeof pattern === 'string' ? JSON.stringify(pattern) : String(pattern);

/** The rows between two lines, so that spaces and empty rows can be seen. */
export const framed = (screen: string): string => ['┌', ...screen.split('\n').map(row => `│${row}`), '└'].join('\n');

export function findIn(text: string, pattern: string | RegExp): ScreenMatch | undefined {
  const found = typeof pattern === 'string' ? plainMatch(text, pattern) : stateless(pattern).exec(text);
  if (!found) return undefined;
  const before = text.slice(0, found.index).split('\n');
  const [whole = '', ...groups] = found;
  return { text: whole, groups, row: before.length - 1, offset: before.at(-1)?.length ?? 0 };
}

interface Wait {
  readonly pattern: string | RegExp;
  readonly resolve: (match: ScreenMatch) => void;
  readonly fail: (error: unknown) => void;
}

/** More at once is a program's mistake. */
const mostWaits = 1_000;

export class Waits {
  readonly #text: () => string;
  readonly #waiting: Wait[] = [];
  #ended: string | undefined;

  constructor(text: () => string) {
    this.#text = text;
  }

  until(pattern: string | RegExp, { deadline, signal, clock }: WaitOptions = {}): Promise<ScreenMatch> {
    if (this.#waiting.length >= mostWaits) throw new LocalMisuseError(`${mostWaits} waits are open already`);
    return new Promise((resolve, reject) => {
      const milliseconds = deadline ?? waitDefaults.deadline;
      const release = (): void => {
        cancel();
        signal?.removeEventListener('abort', aborted);
        const place = this.#waiting.indexOf(wait);
        if (place >= 0) this.#waiting.splice(place, 1);
      };
      const wait: Wait = {
        pattern,
        resolve: match => (release(), resolve(match)),
        fail: error => (release(), reject(asError(error)), this.look()),
      };
      const aborted = (): void => wait.fail(signal?.reason);
      const cancel = (clock ?? waitDefaults.clock).after(milliseconds, () => {
        wait.fail(new WaitError(pattern, `after ${milliseconds} milliseconds`, this.#text()));
      });
      this.#waiting.push(wait);
      signal?.addEventListener('abort', aborted);
      if (signal?.aborted) aborted();
      else if (this.#ended === undefined) this.look();
      else wait.fail(new WaitError(pattern, this.#ended, this.#text()));
    });
  }

  /** Serve those whose turn has come. */
  look(): void {
    for (let [first] = this.#waiting; first; [first] = this.#waiting) {
      const match = findIn(this.#text(), first.pattern);
      if (!match) return;
      first.resolve(match);
    }
  }

  /** Nothing more will be shown. */
  end(why: string): void {
    this.#ended = why;
    for (const { pattern, fail } of this.#waiting.splice(0)) fail(new WaitError(pattern, why, this.#text()));
  }
}

const plainMatch = (text: string, pattern: string): RegExpExecArray | null =>
  new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).exec(text);

/** Without the flags that make a pattern remember where it was. */
const stateless = (pattern: RegExp): RegExp => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
