/**
 * Text that is being typed, as a value: its graphemes, and the cursor between two of them.
 *
 * Every function gives a new value. It refuses to be longer than it is told; what does not fit is not inserted.
 */
import { text as harmless } from '../output/text.ts';
import { graphemesOf } from '../width.ts';

export interface EditedText {
  readonly graphemes: readonly string[];
  /** From 0, in graphemes. */
  readonly cursor: number;
}

/** `text` with the cursor at its end. */
export function editedText(text: string): EditedText {
  const graphemes = graphemesOf(text);
  return { graphemes, cursor: graphemes.length };
}

export const textOf = ({ graphemes }: EditedText): string => graphemes.join('');

/** Insert at the cursor, without control characters but those in `keep`. A mark joins the letter before it. */
export function insertText(state: EditedText, inserted: string, most: number, keep = ''): EditedText {
  const before = state.graphemes.slice(0, state.cursor);
  const after = state.graphemes.slice(state.cursor);
  const room = most - state.graphemes.length;
  const added = graphemesOf(harmless(inserted, { keep })).slice(0, room + 1);
  const head = graphemesOf(before.join('') + added.join('')).slice(0, Math.max(0, most - after.length));
  const graphemes = graphemesOf(head.join('') + after.join(''));
  return { graphemes, cursor: Math.min(head.length, graphemes.length) };
}

const moved = (state: EditedText, cursor: number): EditedText => ({
  ...state,
  cursor: Math.min(Math.max(cursor, 0), state.graphemes.length),
});

const without = ({ graphemes }: EditedText, from: number, to: number): EditedText => ({
  graphemes: [...graphemes.slice(0, Math.max(0, from)), ...graphemes.slice(to)],
  cursor: Math.max(0, from),
});

const isWord = (grapheme = ''): boolean => /[\p{L}\p{N}_]/u.test(grapheme);

/** Where the word before the cursor begins. */
function wordStart({ graphemes, cursor }: EditedText): number {
  let at = cursor;
  while (at > 0 && !isWord(graphemes[at - 1])) at -= 1;
  while (at > 0 && isWord(graphemes[at - 1])) at -= 1;
  return at;
}

/** Where the word behind the cursor ends. */
function wordEnd({ graphemes, cursor }: EditedText): number {
  let at = cursor;
  while (at < graphemes.length && !isWord(graphemes[at])) at += 1;
  while (at < graphemes.length && isWord(graphemes[at])) at += 1;
  return at;
}

type Edit = (state: EditedText) => EditedText;

const toStart: Edit = state => moved(state, state.graphemes.lastIndexOf('\n', state.cursor - 1) + 1);
const toEnd: Edit = state => {
  const end = state.graphemes.indexOf('\n', state.cursor);
  return moved(state, end < 0 ? state.graphemes.length : end);
};
const atStart: Edit = state => (state.cursor === 0 ? state : toStart(state));

const toLeft: Edit = state => moved(state, state.cursor - 1);
const toRight: Edit = state => moved(state, state.cursor + 1);
const deletePrevious: Edit = state => (state.cursor === 0 ? state : without(state, state.cursor - 1, state.cursor));
const deleteNext: Edit = state => without(state, state.cursor, state.cursor + 1);
const deleteWord: Edit = state => without(state, wordStart(state), state.cursor);

/** What keys do to text, by the names of docs/keys.md. Those of emacs are there too, as in every shell. */
export const editingKeys: Readonly<Record<string, Edit>> = {
  left: toLeft,
  right: toRight,
  home: atStart,
  end: toEnd,
  backspace: deletePrevious,
  delete: deleteNext,
  'control+left': state => moved(state, wordStart(state)),
  'control+right': state => moved(state, wordEnd(state)),
  'alt+b': state => moved(state, wordStart(state)),
  'alt+f': state => moved(state, wordEnd(state)),
  'alt+d': state => without(state, state.cursor, wordEnd(state)),
  'alt+backspace': deleteWord,
  'control+b': toLeft,
  'control+f': toRight,
  'control+d': deleteNext,
  // Some terminals send it for Backspace.
  'control+h': deletePrevious,
  'control+a': atStart,
  'control+e': toEnd,
  'control+w': deleteWord,
  'control+u': state => without(state, atStart(state).cursor, state.cursor),
  'control+k': state => without(state, state.cursor, toEnd(state).cursor),
};
