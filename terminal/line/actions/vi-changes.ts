/**
 * vi's changes that need no motion: replacing, changing case, putting back.
 *
 * As in GNU Readline 8.2, whatever is replaced is kept for putting, as if it had been deleted.
 */
import { bell, moveTo, type EditState } from '../edit-state.ts';
import { insert, kill, together } from '../edits.ts';
import type { Action } from './action.ts';

/** The most times that one command does something: a line is shorter. */
const MOST_REPEATED = 1_000;

/** Put what was kept at `place`; the cursor comes onto its last character. */
export function put(state: EditState, place: number, count: number): EditState {
  const text = state.kills[state.killIndex];
  if (text === undefined) return bell(state);
  const put = insert(moveTo(state, place), text.repeat(Math.min(count, MOST_REPEATED)));
  return moveTo(put, put.buffer.cursor - 1);
}

/** The cursor comes behind it. */
function replaceOne(state: EditState, text: string): EditState {
  const { cursor } = state.buffer;
  return together(state, before => insert(kill(before, cursor, cursor + 1, 'other'), text));
}

const isLast = ({ buffer: { cursor, graphemes } }: EditState): boolean => cursor >= graphemes.length - 1;

const swapCase = (text: string): string =>
  Array.from(text, letter => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('');

/** Each letter is an undo of its own; on the last of the line readline stays, and changes it again. */
export const changeCase: Action = (state, { count }) => {
  let changed = state;
  for (let left = Math.min(count, MOST_REPEATED); left > 0; left -= 1) {
    const { cursor, graphemes } = changed.buffer;
    const letter = graphemes[cursor] ?? '';
    const next = isLast(changed) ? cursor : cursor + 1;
    const swapped = swapCase(letter);
    changed = moveTo(swapped === letter ? changed : replaceOne(changed, swapped), next);
  }
  return changed;
};

/** Waits for the character. */
export const replaceCharacters: Action = (state, { count }) => ({
  ...state,
  waiting: (later, { text = '' }) => {
    const { cursor, graphemes } = later.buffer;
    const replaced = Math.min(count, graphemes.length - cursor);
    if (text === '' || replaced === 0) return bell(later);
    const done = together(later, before =>
      Array.from({ length: replaced }).reduce<EditState>(changed => replaceOne(changed, text), before),
    );
    return moveTo(done, cursor + replaced - 1);
  },
});
