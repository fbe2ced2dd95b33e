/**
 * Runs JavaScript in a context of its own, and knows what is in it.
 *
 * The context is `node:vm`, which is **not a security boundary**: whoever may type here may do all that the process may.
 * What is declared stays for the next line, also by a program that awaits. Source: Node.js documentation, "VM".
 */
import { createContext, Script, type Context } from 'node:vm';
import { types } from 'node:util';
import { awaiting } from './source.ts';
import { watchRejections } from './stray-rejections.ts';
import type { Completions } from '../line/completion.ts';

/** What the lines see as global, besides what JavaScript has itself. */
export type ReplContext = Readonly<Record<string, unknown>>;

/** What a program has come to: a value, or a promise that it waits for itself. */
export type Outcome =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'awaits'; readonly promise: Promise<unknown> };

const filename = 'repl';

export class Evaluator {
  readonly #context: Context;
  readonly #timeout: number;
  readonly #uncaught: (reason: unknown) => void;

  /**
   * `timeout` is how long a program may keep the process from everything else, in milliseconds; `uncaught` is told what
   * promises of a program were rejected with when nobody handled it.
   */
  constructor(context: ReplContext, timeout: number, uncaught: (reason: unknown) => void) {
    this.#context = createContext({ ...context }, { name: filename });
    this.#timeout = timeout;
    this.#uncaught = uncaught;
  }

  /** Throws whatever the program throws. */
  run(source: string): Outcome {
    const script = plainScript(source);
    if (script) return { kind: 'value', value: this.#run(script) };
    const { declarations, body } = awaiting(source);
    if (declarations !== '') this.#run(new Script(declarations, { filename }));
    const promise: unknown = this.#run(new Script(body, { filename }));
    return types.isPromise(promise) ? { kind: 'awaits', promise } : { kind: 'value', value: promise };
  }

  /** The last value, for the next line, as `_`. */
  remember(value: unknown): void {
    this.#context['_'] = value;
  }

  /** Names that begin as the one before the cursor does. No getter is run for it. */
  complete(text: string, cursor: number): Completions {
    const [, path = '', name = ''] = /((?:[\w$]+\.)*)([\w$]*)$/.exec(text.slice(0, cursor)) ?? [];
    const holder = path
      .split('.')
      .slice(0, -1)
      .reduce<unknown>(dataOf, this.#run(new Script('globalThis')));
    const candidates = [...new Set(namesOf(holder))].filter(found => found.startsWith(name)).sort();
    return { from: cursor - name.length, candidates };
  }

  #run(script: Script): unknown {
    const limits = { timeout: this.#timeout, displayErrors: false };
    return watchRejections(this.#uncaught, (): unknown => script.runInContext(this.#context, limits));
  }
}

/** The script, unless it has an `await` that only an asynchronous function may have. Throws other SyntaxErrors. */
function plainScript(source: string): Script | undefined {
  for (const text of /^\s*\{/.test(source) ? [`(${source}\n)`, source] : [source]) {
    try {
      return new Script(text, { filename });
    } catch (error) {
      if (text === source && !/\bawait\b/.test(source)) throw error;
    }
  }
  return undefined;
}

/** The value of a property that is no getter. */
function dataOf(holder: unknown, name: string): unknown {
  for (let at: unknown = Object(holder); isObject(at); at = Reflect.getPrototypeOf(at)) {
    const property = types.isProxy(at) ? undefined : Reflect.getOwnPropertyDescriptor(at, name);
    const value: unknown = property?.value;
    if (property) return value;
  }
  return undefined;
}

function namesOf(holder: unknown): string[] {
  const names: string[] = [];
  if (holder === undefined || holder === null) return names;
  for (let at: unknown = Object(holder); isObject(at) && !types.isProxy(at); at = Reflect.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at).filter(name => /^[A-Za-z_$][\w$]*$/.test(name)));
  }
  return names;
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
