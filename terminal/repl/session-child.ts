/**
 * The process of a prompt's session: runs what it is sent in a LocalSession. Started by process-session.ts only.
 *
 * It ends when the channel to the prompt does.
 */
import { LocalSession } from './session.ts';
import type { FromSession, ToSession } from './session-messages.ts';

/** Calls of the prompt's functions that may wait for their answers. */
const MOST_CALLS = 100;

const say = (message: FromSession): void => {
  process.send?.(message, undefined, undefined, () => undefined);
};

class Calls {
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #last = 0;

  /** A function that is called here and runs at the prompt. */
  stub(name: string): (...values: unknown[]) => Promise<unknown> {
    return (...values) =>
      new Promise((resolve, reject) => {
        if (this.#waiting.size >= MOST_CALLS) throw new Error(`more than ${MOST_CALLS} calls wait for their answers`);
        const id = (this.#last += 1);
        say({ kind: 'call', id, name, values });
        this.#waiting.set(id, { resolve, reject });
      });
  }

  returned({ id, value, error }: Extract<ToSession, { kind: 'returned' }>): void {
    const call = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  }
}

const calls = new Calls();
let session: LocalSession | undefined;

type Handlers = { readonly [Kind in ToSession['kind']]: (message: Extract<ToSession, { kind: Kind }>) => void };

const handlers: Handlers = {
  begin: ({ timeout, values, functions }) => {
    const stubs = Object.fromEntries(functions.map(name => [name, calls.stub(name)]));
    session = new LocalSession({ ...values, ...stubs }, { timeout, print: text => say({ kind: 'print', text }) });
  },
  evaluate: ({ source, colours }) => void session?.evaluate(source, colours).then(() => say({ kind: 'done' })),
  interrupt: () => session?.interrupt(),
  complete: ({ id, text, cursor }) => {
    const completions = session?.complete(text, cursor);
    if (completions) say({ kind: 'completions', id, completions });
  },
  returned: message => calls.returned(message),
  ping: () => say({ kind: 'pong' }),
};

/** The channel carries nothing but what process-session.ts sends. */
function handle<Kind extends ToSession['kind']>(message: { readonly kind: Kind } & Extract<ToSession, { kind: Kind }>) {
  handlers[message.kind](message);
}

process.on('message', handle);
process.on('disconnect', () => process.exit());
process.on('uncaughtException', error => session?.uncaught(error));
