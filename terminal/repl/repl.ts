/**
 * A JavaScript prompt on a terminal: a line is read, run, and what it came to is shown in colours.
 *
 * While a line awaits something, control+C gives the prompt back. A promise that a line leaves behind is numbered, and told
 * above the next line once it is settled. It refuses to be a sandbox: give it only to people who may do what the process
 * may. After Twisted's Manhole.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect, types } from 'node:util';
import { ConfigError, EndOfInputError, InterruptedError } from '../../transport/errors.ts';
import type { ITerminalProtocol } from '../contracts.ts';
import type { LineEditor } from '../line/line-editor.ts';
import { lineProgram } from '../line/line-program.ts';
import type { LineEditorOptions } from '../line/options.ts';
import type { StyledText } from '../line/styled-text.ts';
import { checkNames, requireWhole } from '../option-checks.ts';
import { Evaluator, type ReplContext } from './evaluator.ts';
import { sgrSpans } from './sgr-spans.ts';
import { highlight, isWhole } from './source.ts';

export interface ReplOptions {
  /** @default '> ' */
  readonly prompt?: StyledText;
  /** @default '… ' */
  readonly continuation?: StyledText;
  /** Printed first. @default none */
  readonly banner?: StyledText;
  /** How long a line may keep the whole process busy, in milliseconds; then it is stopped. @default 5_000 */
  readonly timeout?: number;
  /** Keys, history and limits of the line editor. */
  readonly editor?: Pick<LineEditorOptions, 'mode' | 'bindings' | 'history' | 'maxLength' | 'maxListRows'>;
}

export const replDefaults = Object.freeze({
  prompt: '> ',
  continuation: '… ',
  banner: '',
  timeout: 5_000,
  editor: Object.freeze({}),
}) satisfies Required<ReplOptions>;

/** Longest text of one value, in UTF-16 units: what is longer is cut. */
const MAX_SHOWN = 100_000;

/** A prompt for each terminal that it is started on, all of whose lines see `context`. Throws ConfigError. */
export function repl(context: ReplContext = {}, options: ReplOptions = {}): ITerminalProtocol {
  checkNames('', options, replDefaults);
  const resolved = { ...replDefaults, ...options };
  requireWhole('timeout', resolved.timeout, 1);
  if (typeof context !== 'object') throw new ConfigError('context', `must be an object, got ${typeof context}`);
  let interrupt = (): void => undefined;
  return lineProgram(lines => new Repl(lines, context, resolved, call => (interrupt = call)).run(), {
    ...resolved.editor,
    onInterrupt: () => interrupt(),
  });
}

class Repl {
  readonly #lines: LineEditor;
  readonly #options: Required<ReplOptions>;
  readonly #evaluator: Evaluator;
  readonly #onInterrupt: (call: () => void) => void;
  #promises = 0;

  constructor(
    lines: LineEditor,
    context: ReplContext,
    options: Required<ReplOptions>,
    onInterrupt: (call: () => void) => void,
  ) {
    this.#lines = lines;
    this.#options = options;
    this.#onInterrupt = onInterrupt;
    this.#evaluator = new Evaluator({ console: this.#console(), ...context }, options.timeout);
  }

  async run(): Promise<void> {
    const { prompt, continuation, banner } = this.#options;
    if (banner !== '') this.#lines.print(banner);
    for (;;) {
      const source = await this.#read({ prompt, continuation });
      if (source === undefined) return;
      if (source.trim() !== '') await this.#evaluate(source);
    }
  }

  /** The next program; undefined at the end of input. */
  async #read(prompts: Pick<ReplOptions, 'prompt' | 'continuation'>): Promise<string | undefined> {
    for (;;) {
      try {
        return await this.#lines.read({
          ...prompts,
          multiline: true,
          isComplete: text => isWhole(text) || text.endsWith('\n'),
          highlight,
          complete: (text, cursor) => this.#evaluator.complete(text, cursor),
        });
      } catch (error) {
        if (error instanceof EndOfInputError) return undefined;
        if (!(error instanceof InterruptedError)) throw error;
      }
    }
  }

  async #evaluate(source: string): Promise<void> {
    try {
      const outcome = this.#evaluator.run(source);
      const value = outcome.kind === 'awaits' ? await this.#awaited(outcome.promise) : outcome.value;
      if (types.isPromise(value)) return this.#leave(value);
      this.#evaluator.remember(value);
      if (value !== undefined) this.#show(value);
    } catch (error) {
      if (error instanceof InterruptedError) this.#lines.print('interrupted');
      else this.#show(error, 'Uncaught ');
    }
  }

  /** What `promise` comes to, unless control+C is pressed before. */
  #awaited(promise: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#onInterrupt(() => reject(new InterruptedError('the line was interrupted by control+C')));
      promise.then(resolve, reject);
    });
  }

  /** Tell later what becomes of it. */
  #leave(promise: Promise<unknown>): void {
    this.#promises += 1;
    const name = `Promise #${this.#promises}`;
    this.#lines.print(`${name} { <pending> }`);
    promise.then(
      value => this.#show(value, `${name}: `),
      (error: unknown) => this.#show(error, `${name} rejected: `),
    );
  }

  #show(value: unknown, before = ''): void {
    this.#lines.print(sgrSpans(before + this.#inspect(value)));
  }

  /** An object of the program's may throw when it is looked at. */
  #inspect(value: unknown): string {
    const { colours } = this.#lines.terminal.capabilities;
    try {
      if (types.isNativeError(value) && value.name === 'SyntaxError') return `${value.name}: ${value.message}`;
      const whole = inspect(value, { colors: colours > 0 });
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
        this.#lines.print(sgrSpans(String(chunk)));
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
