/**
 * Where vi's motions lead: pure functions, used to move and as what an operator works on.
 *
 * Source: POSIX sh, "vi Line Editing Command Mode"; GNU Readline 8.2, vi mode.
 */
import type { EditState } from '../edit-state.ts';
import { lineEnd, lineStart } from '../line-buffer.ts';
import { nextWordStart, repeated, unixWords, viWords, wordEnd, wordStart, type WordKind } from '../words.ts';

export interface Motion {
  /** The place it leads to; undefined if there is none. */
  readonly to: (state: EditState, count: number) => number | undefined;
  /** An operator takes the character there too. */
  readonly inclusive: boolean;
}

const exclusive = (to: Motion['to']): Motion => ({ to, inclusive: false });
const inclusive = (to: Motion['to']): Motion => ({ to, inclusive: true });

const times =
  (step: (graphemes: readonly string[], at: number) => number) =>
  ({ buffer: { graphemes, cursor } }: EditState, count: number): number =>
    repeated(
      cursor,
      count,
      at => step(graphemes, at),
      at => at,
    );

const next = (kind: WordKind): Motion => exclusive(times((graphemes, at) => nextWordStart(graphemes, at, kind)));
/** Readline's way back takes the first character of the line along, of whatever kind it is: `-` of `-some`. */
const previous = (kind: WordKind): Motion =>
  exclusive(
    times((graphemes, at) => {
      const start = wordStart(graphemes, at, kind);
      return start === 1 ? 0 : start;
    }),
  );
/** On the last character of a word, and not of the one it is on the end of already. */
const end = (kind: WordKind): Motion =>
  inclusive(times((graphemes, at) => Math.max(at, wordEnd(graphemes, at + 1, kind) - 1)));

/** Behind the end of the word it is in: what changing to the next word leaves alone is the space before that. */
const wordRest = (kind: WordKind): Motion => exclusive(times((graphemes, at) => wordEnd(graphemes, at, kind)));

export const changedWord: Readonly<Record<string, Motion>> = { w: wordRest(viWords), W: wordRest(unixWords) };

const steps =
  (direction: 1 | -1): Motion['to'] =>
  ({ buffer }, count) =>
    Math.max(
      lineStart(buffer, buffer.cursor),
      Math.min(buffer.cursor + direction * count, lineEnd(buffer, buffer.cursor)),
    );

function firstPrinted({ buffer }: EditState): number {
  const start = lineStart(buffer, buffer.cursor);
  const found = buffer.graphemes.findIndex((grapheme, at) => at >= start && !/^[ \t]/.test(grapheme));
  return found === -1 ? start : found;
}

const brackets = '()[]{}';

/** From a bracket, or the first one ahead, to its other half. */
function match({ buffer: { graphemes, cursor } }: EditState): number | undefined {
  const from = graphemes.findIndex((grapheme, at) => at >= cursor && brackets.includes(grapheme));
  const index = brackets.indexOf(graphemes[from] ?? ' ');
  if (index === -1) return undefined;
  const [own, other] = [brackets[index], brackets[index ^ 1]];
  const step = index % 2 === 0 ? 1 : -1;
  for (let at = from, depth = 0; at >= 0 && at < graphemes.length; at += step) {
    if (graphemes[at] === own) depth += 1;
    if (graphemes[at] === other) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

export type FindCommand = 'f' | 'F' | 't' | 'T';

/** On the character (f, F), or just before it (t, T). */
export const find = (command: FindCommand, character: string): Motion => {
  const step = command === 'f' || command === 't' ? 1 : -1;
  const short = command === 't' || command === 'T' ? step : 0;
  return {
    inclusive: step === 1,
    to: ({ buffer: { graphemes, cursor } }, count) => {
      let at = cursor + short;
      for (let left = count; left > 0; left -= 1) {
        do at += step;
        while (at >= 0 && at < graphemes.length && graphemes[at] !== character);
      }
      return graphemes[at] === character ? at - short : undefined;
    },
  };
};

const reversed: Readonly<Record<FindCommand, FindCommand>> = { f: 'F', F: 'f', t: 'T', T: 't' };

const findAgain =
  (change: (command: FindCommand) => FindCommand) =>
  (state: EditState): Motion | undefined =>
    state.vi.find && find(change(state.vi.find.command), state.vi.find.character);

/** By the key that begins them. Those that depend on what was found before are functions of it. */
export const motions: Readonly<Record<string, Motion | ((state: EditState) => Motion | undefined)>> = {
  h: exclusive(steps(-1)),
  left: exclusive(steps(-1)),
  backspace: exclusive(steps(-1)),
  l: exclusive(steps(1)),
  right: exclusive(steps(1)),
  space: exclusive(steps(1)),
  w: next(viWords),
  W: next(unixWords),
  b: previous(viWords),
  B: previous(unixWords),
  e: end(viWords),
  E: end(unixWords),
  '0': exclusive(({ buffer }) => lineStart(buffer, buffer.cursor)),
  '^': exclusive(firstPrinted),
  $: exclusive(({ buffer }) => lineEnd(buffer, buffer.cursor)),
  '|': exclusive(({ buffer }, count) => Math.min(count - 1, lineEnd(buffer, buffer.cursor))),
  '%': inclusive(match),
  ';': findAgain(command => command),
  ',': findAgain(command => reversed[command]),
};

export const isFind = (key: string): key is FindCommand => Object.hasOwn(reversed, key);
