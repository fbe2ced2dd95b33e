/**
 * A prompt's session in a process of its own: whatever a program does to that process, this one goes on.
 *
 * The process has an empty environment, no standard streams, limits for its memory, and of this process's objects only
 * copies and, of functions, stand-ins that call them here. One that ends, or does not answer, is replaced for the next
 * program: what was declared is lost, and that is said. It is no security boundary: a program can get at the whole of
 * Node inside of its process, and so at all that the user of this process may do (docs/line-editor.md).
 * Threads were looked at first: V8 ends the whole process where a single allocation passes a thread's limit.
 * Source: Node 20 documentation, "child_process".
 */
import type { ChildProcess } from 'node:child_process';
import { serialize } from 'node:v8';
import { asError, ConfigError } from '../../transport/errors.ts';
import type { Completions } from '../line/completion.ts';
import type { ReplContext } from './evaluator.ts';
import { MOST_PRINTED } from './output-limit.ts';
import { isFromSession, type FromSession, type ToSession } from './session-messages.ts';
import type { ReplSession, SessionOptions } from './session.ts';
import { startSessionProcess } from './session-process.ts';

export interface ProcessSessionOptions extends SessionOptions {
  /** Mebibytes of its heap. */
  readonly memory: number;
}

/** How long an interrupted program may take to give the prompt back, in milliseconds. */
const GRACE = 1_000;
const LOST = 'what was declared is lost';

/** A program that runs: how it is over, and whether somebody waits for it to be interrupted. */
interface Run {
  readonly finish: () => void;
  printed: number;
  grace?: NodeJS.Timeout;
}

export class ProcessSession implements ReplSession {
  readonly #context: ReplContext;
  readonly #options: ProcessSessionOptions;
  #child: ChildProcess | undefined;
  #run: Run | undefined;
  #watch: NodeJS.Timeout | undefined;
  #answered = true;
  readonly #completing = new Map<number, (completions: Completions) => void>();
  #lastCompletion = 0;

  /** Throws ConfigError for values that cannot be copied. */
  constructor(context: ReplContext, options: ProcessSessionOptions) {
    requireCopies(context);
    this.#context = context;
    this.#options = options;
  }

  evaluate(source: string, colours: boolean): Promise<void> {
    return new Promise(resolve => {
      this.#run = { finish: resolve, printed: 0 };
      try {
        this.#send({ kind: 'evaluate', source, colours });
      } catch (error) {
        this.#over(`no session could be started: ${asError(error).message}`);
      }
    });
  }

  interrupt(): void {
    const run = this.#run;
    if (!run || run.grace) return;
    this.#send({ kind: 'interrupt' });
    run.grace = setTimeout(() => this.#end(`interrupted while it was busy: ${LOST}`), GRACE);
  }

  complete(text: string, cursor: number): Promise<Completions> {
    const id = (this.#lastCompletion += 1);
    return new Promise(resolve => {
      this.#completing.clear(); // an answer to an earlier question is not wanted any more
      this.#completing.set(id, resolve);
      this.#send({ kind: 'complete', id, text, cursor });
    });
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  // — from the process —

  readonly #heard: { readonly [Kind in FromSession['kind']]: (message: Extract<FromSession, { kind: Kind }>) => void } =
    {
      print: ({ text }) => this.#print(text),
      done: () => this.#over(),
      completions: ({ id, completions }) => {
        this.#completing.get(id)?.(completions);
        this.#completing.delete(id);
      },
      call: message => void this.#call(message),
      pong: () => {
        this.#answered = true;
        this.#watch ??= setInterval(() => this.#look(), 2 * this.#options.timeout).unref();
      },
    };

  /** The process keeps to the same limit; here it is that of a process that does not. */
  #print(text: string): void {
    if (this.#run) this.#run.printed += text.length;
    if (this.#run && this.#run.printed > 2 * MOST_PRINTED) this.#end(`it said too much: ${LOST}`);
    else this.#options.print(text);
  }

  async #call({ id, name, values }: Extract<FromSession, { kind: 'call' }>): Promise<void> {
    const called = Object.hasOwn(this.#context, name) ? this.#context[name] : undefined;
    try {
      if (typeof called !== 'function') throw new TypeError(`there is no function ${name}`);
      const value: unknown = await Reflect.apply(called, undefined, values);
      this.#reply({ kind: 'returned', id, value });
    } catch (error) {
      this.#reply({ kind: 'returned', id, error: asError(error).message });
    }
  }

  // — its life —

  #send(message: ToSession): void {
    this.#child ??= this.#start();
    this.#child.send(message, () => undefined);
  }

  /** An answer to a process that has ended goes nowhere, and starts no other. Throws for values that cannot be copied. */
  #reply(message: ToSession): void {
    this.#child?.send(message, () => undefined);
  }

  #start(): ChildProcess {
    const { memory, timeout } = this.#options;
    const child = startSessionProcess(memory);
    child.on('message', message => this.#hear(child, message));
    child.on('exit', (code, signal) => {
      if (child === this.#child) this.#end(`its process ended (${signal ?? `status ${code}`}): ${LOST}`);
    });
    const entries = Object.entries(this.#context);
    const values = Object.fromEntries(entries.filter(([, value]) => typeof value !== 'function'));
    const functions = entries.flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    child.send({ kind: 'begin', timeout, values, functions } satisfies ToSession, () => undefined);
    child.send({ kind: 'ping' } satisfies ToSession, () => undefined); // its answer says that it has begun
    return child;
  }

  #hear(child: ChildProcess, message: unknown): void {
    if (child !== this.#child) return;
    if (isFromSession(message)) tell(this.#heard, message);
    else this.#end(`it said what makes no sense: ${LOST}`);
  }

  /** Where a program keeps its process busy outside of the time limit of `vm`, nothing answers. */
  #look(): void {
    if (this.#answered) {
      this.#answered = false;
      this.#reply({ kind: 'ping' });
    } else {
      // If it was this process that was busy, the answer is there by now, and is heard first.
      setImmediate(() => this.#answered || this.#end(`busy for more than ${this.#options.timeout} ms: ${LOST}`));
    }
  }

  #end(why?: string): void {
    const child = this.#child;
    this.#child = undefined;
    clearInterval(this.#watch);
    this.#watch = undefined;
    child?.kill('SIGKILL');
    this.#over(child && why);
  }

  #over(why?: string): void {
    const run = this.#run;
    this.#run = undefined;
    clearTimeout(run?.grace);
    if (why !== undefined) this.#options.print(`[${why}]`);
    run?.finish();
  }
}

function tell<Kind extends FromSession['kind']>(
  heard: { readonly [Each in Kind]: (message: Extract<FromSession, { kind: Each }>) => void },
  message: { readonly kind: Kind } & Extract<FromSession, { kind: Kind }>,
): void {
  heard[message.kind](message);
}

function requireCopies(context: ReplContext): void {
  for (const [name, value] of Object.entries(context)) {
    try {
      if (typeof value !== 'function') serialize(value);
    } catch (error) {
      throw new ConfigError(`context.${name}`, `cannot be copied into another process: ${asError(error).message}`);
    }
  }
}
