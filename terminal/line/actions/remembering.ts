/**
 * Actions on the history: going through it, and searching in it.
 *
 * A line that was edited and left is as it was left when one comes back to it, until a line is submitted.
 * Source: GNU Readline 8.2 manual, "Commands For Manipulating The History" and "Searching".
 */
import { bell, moveTo, type EditState } from '../edit-state.ts';
import { bufferOf, textOf } from '../line-buffer.ts';
import type { Action, Actions } from './action.ts';
import { verticalMove } from './moving.ts';

/** To a place of the history, the cursor at the end of the line (in vi's command mode at its beginning). */
export function visit(state: EditState, place: number): EditState {
  const drafts = new Map(state.drafts).set(state.place, { buffer: state.buffer, undos: state.undos });
  const draft = drafts.get(place);
  const buffer = draft?.buffer ?? bufferOf(state.history[place] ?? '');
  const visited = { ...state, place, drafts, mark: 0, buffer, undos: draft?.undos ?? [], redos: [] };
  return moveTo(visited, state.mode === 'vi-command' ? 0 : buffer.graphemes.length);
}

/** So many lines further, or as far as there are any. */
export function visitBy(state: EditState, steps: number): EditState {
  const place = Math.max(0, Math.min(state.place + steps, state.history.length));
  return place === state.place ? (steps === 0 ? state : bell(state)) : visit(state, place);
}

/** The text of the line at `place` as it is now, also if it was edited. */
export function lineAt(state: EditState, place: number): string {
  if (place === state.place) return textOf(state.buffer);
  const draft = state.drafts.get(place);
  return draft ? textOf(draft.buffer) : (state.history[place] ?? '');
}

const inTextFirst =
  (direction: 1 | -1): Action =>
  (state, { count }) =>
    verticalMove(state, direction) ?? visitBy(state, count * direction);

/** The next line in the direction that begins with what is before the cursor. */
const prefixSearch =
  (direction: 1 | -1): Action =>
  state => {
    const { cursor } = state.buffer;
    const wanted = textOf(state.buffer, 0, cursor);
    for (let place = state.place + direction; place >= 0 && place <= state.history.length; place += direction) {
      const line = lineAt(state, place);
      if (line.startsWith(wanted) && line !== textOf(state.buffer)) return moveTo(visit(state, place), cursor);
    }
    return bell(state);
  };

const startSearch =
  (direction: 'back' | 'forward'): Action =>
  state => ({ ...state, search: { wanted: '', direction, found: true, origin: { ...state, search: undefined } } });

export const rememberingActions = {
  'previous-history': (state, { count }) => visitBy(state, -count),
  'next-history': (state, { count }) => visitBy(state, count),
  'previous-line-or-history': inTextFirst(-1),
  'next-line-or-history': inTextFirst(1),
  'beginning-of-history': state => visitBy(state, -state.place),
  'end-of-history': state => visitBy(state, state.history.length - state.place),
  'history-search-backward': prefixSearch(-1),
  'history-search-forward': prefixSearch(1),
  'reverse-search-history': startSearch('back'),
  'forward-search-history': startSearch('forward'),
} as const satisfies Actions;
