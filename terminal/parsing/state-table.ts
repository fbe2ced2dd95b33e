/**
 * A parser's table, packed so that a byte is one look: in each state, what each kind of byte does and which state follows.
 *
 * What the states and actions mean is the business of who has the table: terminal/input/ for what a terminal sends, and
 * terminal/client/ for what a program does. States and transitions are small numbers here, to be asked about.
 */

/** Bytes from `first` to `last`; a later row overrides an earlier one. Whatever is in no row is `final` (0x40–0x7E). */
export type Kinds<Kind extends string> = ReadonlyArray<readonly [kind: Kind, first: number, last: number]>;
export type Rule<Action extends string, State extends string> = readonly [action: Action, next: State];
export type Row<Kind extends string, Action extends string, State extends string> = {
  readonly [Each in Kind | 'final']?: Rule<Action, State>;
} & { readonly otherwise: Rule<Action, State> };

interface Description<Kind extends string, Action extends string, State extends string> {
  readonly kinds: Kinds<Kind>;
  /** At most 16. */
  readonly states: readonly State[];
  /** At most 16. */
  readonly actions: readonly [Action, ...Action[]];
  /** Actions that are the same for many bytes at once, where the state stays: see `endOfRun`. */
  readonly inRuns: readonly Action[];
  readonly rows: Readonly<Record<State, Row<Kind, Action, State>>>;
}

export class StateTable<Kind extends string, Action extends string, State extends string> {
  readonly #states: readonly State[];
  readonly #actions: readonly [Action, ...Action[]];
  /** For state `s` and byte `b`, place `s * 256 + b` holds `action * 16 + next state`, by their places in the lists. */
  readonly #transitions: Uint8Array;
  /** 1 in the same places for what goes on in runs. */
  readonly #runs: Uint8Array;

  constructor({ kinds, states, actions, inRuns, rows }: Description<Kind, Action, State>) {
    this.#states = states;
    this.#actions = actions;
    const rules = states.flatMap(state =>
      Array.from({ length: 256 }, (_, byte) => {
        const [action, next] = rows[state][kindOf(kinds, byte)] ?? rows[state].otherwise;
        return { action, next, goesOn: next === state && inRuns.includes(action) };
      }),
    );
    this.#transitions = Uint8Array.from(
      rules,
      ({ action, next }) => actions.indexOf(action) * 16 + states.indexOf(next),
    );
    this.#runs = Uint8Array.from(rules, ({ goesOn }) => Number(goesOn));
  }

  /** The number of a state. */
  state(name: State): number {
    return this.#states.indexOf(name);
  }

  nameOf(state: number): State | undefined {
    return this.#states[state];
  }

  transition(state: number, byte: number): number {
    return this.#transitions[state * 256 + byte] ?? 0;
  }

  actionOf(transition: number): Action {
    return this.#actions[transition >> 4] ?? this.#actions[0];
  }

  /** The number of the state that follows. */
  nextOf(transition: number): number {
    return transition & 15;
  }

  /** The first place from `start` whose byte does anything else in `state` than to go on in a run. */
  endOfRun(state: number, data: Uint8Array, start: number): number {
    let end = start;
    while (end < data.length && this.#runs[state * 256 + (data[end] ?? 0)] === 1) end += 1;
    return end;
  }
}

const kindOf = <Kind extends string>(kinds: Kinds<Kind>, byte: number): Kind | 'final' =>
  kinds.findLast(([, first, last]) => byte >= first && byte <= last)?.[0] ?? 'final';
