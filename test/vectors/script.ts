/**
 * A recorded script of steps, and the two logs that it makes: what Twisted did, and what ours does.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import { argument, type Log } from './vectors.ts';

export type RecordedEvent = readonly unknown[];

export interface Step {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly events: readonly RecordedEvent[];
  readonly returns?: unknown;
  readonly raises?: { readonly type: string };
  readonly state?: unknown;
}

export interface Script {
  readonly on: string;
  readonly name: string;
  readonly steps: readonly Step[];
}

/** One event of Twisted's in the words of the log; undefined for what goes on inside Twisted only. */
export type Translate = (event: RecordedEvent, step: Step) => string | undefined;

export const twistedLog = (steps: readonly Step[], translate: Translate): Log =>
  steps.flatMap(step => [
    ...step.events.flatMap(event => translate(event, step) ?? []),
    ...(step.raises ? ['raises'] : []),
  ]);

/** The call of one step on our object: named as Twisted's, with its arguments turned into ours. */
export type Operations = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * Play all steps into `log`, in one turn but for those operations that wait; what is thrown becomes a line. A step that
 * is not in `operations` is a fault of the test.
 */
export async function play(steps: readonly Step[], operations: Operations, log: string[]): Promise<void> {
  for (const { op, args } of steps) {
    const operation = operations[op];
    if (!operation) throw new Error(`nobody has said what "${op}" is here`);
    try {
      const waiting = operation(...(args.map(argument) as never[]));
      if (waiting instanceof Promise) await waiting;
    } catch {
      log.push('raises');
    }
  }
}

/** Twisted's name for the reason of an end. */
export function reasonName(reason: CloseReason): string {
  if (reason.kind === 'protocol-error') return reason.error.name;
  return reasonNames[reason.kind];
}

const reasonNames = {
  done: 'ConnectionDone',
  lost: 'ConnectionLost',
  aborted: 'ConnectionAborted',
  overflow: 'overflow',
  exited: 'ProcessTerminated',
} as const satisfies Record<Exclude<CloseReason['kind'], 'protocol-error'>, string>;

/** Neighbours of the kind `name "bytes"` joined: chunks are the medium's business. */
export function joined(log: Log, kind: RegExp): Log {
  const result: string[] = [];
  for (const line of log) {
    const [head, tail] = [result.at(-1), split(line, kind)];
    const before = head === undefined ? undefined : split(head, kind);
    if (tail && before?.name === tail.name)
      result[result.length - 1] = `${tail.name} ${JSON.stringify(before.text + tail.text)}`;
    else result.push(line);
  }
  return result;
}

function split(line: string, kind: RegExp): { name: string; text: string } | undefined {
  const [, name = '', text = ''] = /^(.*?) (".*")$/s.exec(line) ?? [];
  return kind.test(name) ? { name, text: JSON.parse(text) as string } : undefined;
}
