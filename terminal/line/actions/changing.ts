/**
 * Actions that change text without killing it.
 *
 * Source: GNU Readline 8.2 manual, "Commands For Changing Text". Where text ends up in several lines, case changes and
 * transpositions go across them.
 */
import { controlKeys } from '../../input/keys/control-keys.ts';
import { keystrokeName, type Keystroke } from '../../keystroke.ts';
import { bell, moveTo, type EditState } from '../edit-state.ts';
import { insert, kill, redo, remove, replace, together, undo } from '../edits.ts';
import { bufferOf, textOf } from '../line-buffer.ts';
import { emacsWords, repeated, wordEnd, wordStart } from '../words.ts';
import type { Action, Actions, Pressed } from './action.ts';

/** Longer repetitions by a numeric argument are cut: they are mistakes. */
const MAX_REPEATS = 10_000;

const controlBytes = new Map(Array.from(controlKeys, ([byte, key]) => [keystrokeName(key), String.fromCharCode(byte)]));

/** What a key inserts when it is quoted: its character, also where that is a control character. */
const quoted = (stroke: Keystroke): string => controlBytes.get(keystrokeName(stroke)) ?? stroke.text ?? '';

/** Insert the next key `count` times; for a negative count, as many next keys once each. */
const quoteNext = (state: EditState, count: number): EditState => ({
  ...state,
  waiting: (later, stroke) => {
    const inserted = insert(later, times(quoted(stroke), Math.max(count, count < 0 ? 1 : 0)));
    return count < -1 ? quoteNext(inserted, count + 1) : inserted;
  },
});

const times = (text: string, count: number): string => text.repeat(Math.max(0, Math.min(count, MAX_REPEATS)));

const insertText = (state: EditState, text: string): EditState => {
  if (!state.overwrite) return insert(state, text);
  const { cursor, graphemes } = state.buffer;
  return replace(state, cursor, Math.min(graphemes.length, cursor + bufferOf(text).graphemes.length), text);
};

/** Delete `count` characters, backwards for a negative count. With an argument it is a kill. */
function deleteCharacters(state: EditState, count: number, { explicit, previous }: Pressed): EditState {
  const { cursor, graphemes } = state.buffer;
  if (count < 0 ? cursor === 0 : cursor === graphemes.length) return bell(state);
  const to = Math.max(0, Math.min(cursor + count, graphemes.length));
  if (explicit || Math.abs(count) > 1) return kill(state, cursor, to, previous);
  return remove(state, cursor, to);
}

function transposeCharacters(state: EditState, { count }: Pressed): EditState {
  const { cursor, graphemes } = state.buffer;
  if (count === 0) return state;
  if (cursor === 0 || graphemes.length < 2) return bell(state);
  const atEnd = cursor === graphemes.length;
  const from = (atEnd ? cursor - 1 : cursor) - 1;
  const moved = graphemes[from] ?? '';
  return together(state, before => insert(moveTo(remove(before, from, from + 1), from + (atEnd ? 1 : count)), moved));
}

function transposeWords(state: EditState, { count }: Pressed): EditState {
  const { cursor, graphemes } = state.buffer;
  if (count === 0) return state;
  const forward = (at: number): number => wordEnd(graphemes, at, emacsWords);
  const back = (at: number): number => wordStart(graphemes, at, emacsWords);
  const end2 = repeated(cursor, count, forward, back);
  const start2 = back(end2);
  const start1 = repeated(start2, -count, forward, back);
  const end1 = forward(start1);
  if (start1 === start2 || start2 < end1) return bell(state);
  const [word1, word2] = [textOf(state.buffer, start1, end1), textOf(state.buffer, start2, end2)];
  return together(state, before =>
    moveTo(insert(remove(insert(remove(before, start2, end2), word1), start1, end1), word2), end2),
  );
}

const capitalized = (text: string): string =>
  text.replace(/[\p{L}\p{N}\p{M}]+/gu, word => {
    const [first = '', ...rest] = word;
    return first.toUpperCase() + rest.join('').toLowerCase();
  });

/** Change the word ahead, from the cursor on; with a negative count the words behind, and the cursor stays. */
const changeCase =
  (change: (text: string) => string): Action =>
  (state, { count }) => {
    const { cursor, graphemes } = state.buffer;
    const forward = (at: number): number => wordEnd(graphemes, at, emacsWords);
    const back = (at: number): number => wordStart(graphemes, at, emacsWords);
    const other = repeated(cursor, count, forward, back);
    const [from, to] = [Math.min(cursor, other), Math.max(cursor, other)];
    return from === to ? state : replace(state, from, to, change(textOf(state.buffer, from, to)));
  };

function stepTimes(state: EditState, count: number, step: (state: EditState) => EditState): EditState {
  let stepped = state;
  for (let left = Math.min(count, MAX_REPEATS); left > 0; left -= 1) stepped = step(stepped);
  return stepped;
}

export const changingActions = {
  'self-insert': (state, { stroke, count }) => ({
    ...insertText(state, times(stroke.text ?? '', count)),
    last: 'insert',
  }),
  'quoted-insert': (state, { count }) => quoteNext(state, count),
  'insert-newline': (state, { count }) => insert(state, times('\n', count)),
  'insert-tab': (state, { count }) => insert(state, times('\t', count)),
  'delete-char': (state, pressed) => deleteCharacters(state, pressed.count, pressed),
  'backward-delete-char': (state, pressed) => deleteCharacters(state, -pressed.count, pressed),
  'transpose-chars': transposeCharacters,
  'transpose-words': transposeWords,
  'upcase-word': changeCase(text => text.toUpperCase()),
  'downcase-word': changeCase(text => text.toLowerCase()),
  'capitalize-word': changeCase(capitalized),
  'overwrite-mode': state => ({ ...state, overwrite: !state.overwrite }),
  'delete-horizontal-space': state => {
    const { cursor } = state.buffer;
    const before = /[ \t]*$/.exec(textOf(state.buffer, 0, cursor))?.[0].length ?? 0;
    const after = /^[ \t]*/.exec(textOf(state.buffer, cursor))?.[0].length ?? 0;
    return remove(state, cursor - before, cursor + after);
  },
  undo: (state, { count }) => stepTimes(state, count, undo),
  redo: (state, { count }) => stepTimes(state, count, redo),
  'revert-line': state => stepTimes(state, state.undos.length, undo),
} as const satisfies Actions;
