/**
 * What a prompt and the process of its session say to each other, over Node's channel between them.
 *
 * The process runs whatever a person typed, so what it says is looked at before it is believed.
 */
import type { Completions } from '../line/completion.ts';

/** From the prompt. */
export type ToSession =
  | {
      readonly kind: 'begin';
      readonly timeout: number;
      readonly values: Readonly<Record<string, unknown>>;
      /** Names of functions that run here when they are called there. */
      readonly functions: readonly string[];
    }
  | { readonly kind: 'evaluate'; readonly source: string; readonly colours: boolean }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'complete'; readonly id: number; readonly text: string; readonly cursor: number }
  | { readonly kind: 'returned'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly kind: 'ping' };

/** From the session. */
export type FromSession =
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'completions'; readonly id: number; readonly completions: Completions }
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly values: readonly unknown[] }
  | { readonly kind: 'pong' };

const isString = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

const shapes: Readonly<Record<FromSession['kind'], Fields>> = {
  print: { text: isString },
  done: {},
  completions: {
    id: isNumber,
    completions: value =>
      has(value, { from: isNumber, candidates: list => Array.isArray(list) && list.every(isString) }),
  },
  call: { id: isNumber, name: isString, values: Array.isArray },
  pong: {},
};

const has = (value: unknown, fields: Fields): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(fields).every(([name, is]) => is(Reflect.get(value, name)));

export const isFromSession = (message: unknown): message is FromSession =>
  has(message, { kind: isString }) &&
  Object.entries(shapes).some(([kind, fields]) => message['kind'] === kind && has(message, fields));
