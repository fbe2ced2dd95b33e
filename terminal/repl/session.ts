/**
 * What a JavaScript prompt talks to: it runs programs and prints what they come to, wherever they run.
 *
 * `LocalSession` runs them in this process. What it prints is text with SGR, and bounded for each program.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect, types } from 'node:util';
import { InterruptedError } from '../../transport/errors.ts';
import type { Completions } from '../line/completion.ts';
import { Evaluator, type ReplContext } from './evaluator.ts';
import { OutputLimit } from './output-limit.ts';

export interface ReplSession extends Disposable {
  /** Run `source`. Resolves when the prompt may come back: everything there is to show was printed. Never rejects. */
  evaluate(source: string, colours: boolean): Promise<void>;
  /** Give the prompt back now. */
  interrupt(): void;
  complete(text: string, cursor: number): Completions | Promise<Completions>;
}

export interface SessionOptions {
  /** How long a program may keep a process busy, in milliseconds. */
  readonly timeout: number;
  /** Told whole lines, with SGR for colours. */
  readonly print: (text: string) => void;
}

/** Longest text of one value, in UTF-16 units: what is longer is cut. */
const MAX_SHOWN = 100_000;

export class LocalSession implements ReplSession {
  readonly #evaluator: Evaluator;
  readonly #output: OutputLimit;
  #colours = false;
  #promises = 0;
  #interrupt = (): void => undefined;

  constructor(context: ReplContext, { timeout, print }: SessionOptions) {
    this.#output = new OutputLimit(print);
    this.#evaluator = new Evaluator({ console: this.#console(), ...context }, timeout, error => this.uncaught(error));
  }

  async evaluate(source: string, colours: boolean): Promise<void> {
    this.#colours = colours;
    this.#output.begin();
    try {
      const outcome = this.#evaluator.run(source);
      const value = outcome.kind === 'awaits' ? await this.#awaited(outcome.promise) : outcome.value;
      if (types.isPromise(value)) return this.#leave(value);
      this.#evaluator.remember(value);
      if (value !== undefined) this.#show(value);
    } catch (error) {
      if (error instanceof InterruptedError) this.#output.print('interrupted');
      else this.#show(error, 'Uncaught ');
    }
  }

  interrupt(): void {
    this.#interrupt();
  }

  complete(text: string, cursor: number): Completions {
    return this.#evaluator.complete(text, cursor);
  }

  /** Something of a program's was thrown where nobody could catch it. */
  uncaught(error: unknown): void {
    this.#show(error, 'Uncaught ');
  }

  [Symbol.dispose](): void {
    this.#interrupt();
  }

  /** What `promise` comes to, unless it is interrupted before. */
  #awaited(promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#interrupt = () => reject(new InterruptedError('the line was interrupted by control+C'));
      promise.then(resolve, reject);
    });
  }

  /** Tell later what becomes of it. */
  #leave(promise: Promise<unknown>): void {
    this.#promises += 1;
    const name = `Promise #${this.#promises}`;
    this.#output.print(`${name} { <pending> }`);
    promise.then(
      value => this.#show(value, `${name}: `),
      (error: unknown) => this.#show(error, `${name} rejected: `),
    );
  }

  #show(value: unknown, before = ''): void {
    this.#output.print(before + this.#inspect(value));
  }

  /** An object of the program's may throw when it is looked at. */
  #inspect(value: unknown): string {
    try {
      if (types.isNativeError(value) && value.name === 'SyntaxError') return `${value.name}: ${value.message}`;
      const whole = inspect(value, { colors: this.#colours });
      const text = types.isNativeError(value) ? withoutOurFrames(whole) : whole;
      return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\x1b[0m …` : text;
    } catch {
      return '[a value that cannot be shown]';
    }
  }

  #console(): Console {
    const stdout = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => {
        this.#output.print(String(chunk));
        done();
      },
    });
    return new Console({ stdout, colorMode: false });
  }
}

/** A stack as far as it is the person's own. */
const withoutOurFrames = (stack: string): string =>
  stack
    .split('\n')
    .filter(line => !/^\s+at .*(node:|file:|[\\/])/.test(line.replaceAll(/\x1b\[\d+m/g, '')))
    .join('\n');
