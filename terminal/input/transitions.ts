/**
 * A parser's table, written for people, as bytes that a parser looks up: the input parser's and the output parser's.
 *
 * A table says for each state what each kind of byte does and which state follows.
 */

/** Bytes from the first to the last are of that kind, unless a later row says otherwise. */
export type Kinds<Kind extends string> = ReadonlyArray<readonly [kind: Kind, first: number, last: number]>;

export type Rule<Action, State> = readonly [action: Action, next: State];

export type Row<Kind extends string, Action, State> = Partial<Record<Kind, Rule<Action, State>>> & {
  readonly otherwise: Rule<Action, State>;
};

export interface ParserTable<Kind extends string, Action extends string, State extends string> {
  /** A byte in none of them takes the row's `otherwise`. */
  readonly kinds: Kinds<Kind>;
  /** At most 16. */
  readonly states: readonly State[];
  /** At most 16. */
  readonly actions: readonly Action[];
  readonly table: Readonly<Record<State, Row<Kind, Action, State>>>;
}

/** For state `s` and byte `b`, place `s * 256 + b` holds `action * 16 + next state`, by their places in the lists. */
export function transitionsOf<Kind extends string, Action extends string, State extends string>({
  kinds,
  states,
  actions,
  table,
}: ParserTable<Kind, Action, State>): Uint8Array {
  const kindOf = (byte: number): Kind | undefined =>
    kinds.findLast(([, first, last]) => byte >= first && byte <= last)?.[0];
  const ruleOf = (state: State, kind: Kind | undefined): Rule<Action, State> =>
    (kind && table[state][kind]) ?? table[state].otherwise;
  return Uint8Array.from(
    states.flatMap(state =>
      Array.from({ length: 256 }, (_, byte) => {
        const [action, next] = ruleOf(state, kindOf(byte));
        return actions.indexOf(action) * 16 + states.indexOf(next);
      }),
    ),
  );
}
