/**
 * Actions that move the cursor. In a text of several lines, the beginning and the end are those of the line.
 *
 * Source: GNU Readline 8.2 manual, "Commands For Moving"; `next-screen-line` and `previous-screen-line` are ours in lines.
 */
import { bell, moveTo, withEffect, type EditState } from '../edit-state.ts';
import { lineEnd, lineStart } from '../line-buffer.ts';
import { emacsWords, repeated, unixWords, wordEnd, wordStart, type WordKind } from '../words.ts';
import type { Action, Actions } from './action.ts';

const byWord =
  (direction: 1 | -1, kind: WordKind): Action =>
  (state, { count }) => {
    const { graphemes } = state.buffer;
    const forward = (at: number): number => wordEnd(graphemes, at, kind);
    const back = (at: number): number => wordStart(graphemes, at, kind);
    return moveTo(state, repeated(state.buffer.cursor, count * direction, forward, back));
  };

const bySteps =
  (direction: 1 | -1): Action =>
  (state, { count }) => {
    const wanted = state.buffer.cursor + count * direction;
    const isPast = wanted < 0 || wanted > state.buffer.graphemes.length;
    return isPast ? bell(moveTo(state, wanted)) : moveTo(state, wanted);
  };

/** The same place in the line above or below, if there is one. */
export function verticalMove(state: EditState, direction: 1 | -1): EditState | undefined {
  const { buffer } = state;
  const start = lineStart(buffer, buffer.cursor);
  const end = lineEnd(buffer, buffer.cursor);
  if (direction === -1 ? start === 0 : end === buffer.graphemes.length) return undefined;
  const other = direction === -1 ? lineStart(buffer, start - 1) : end + 1;
  return moveTo(state, Math.min(other + buffer.cursor - start, lineEnd(buffer, other)));
}

/** To the next such character in the direction, `count` times. */
function findCharacter(state: EditState, character: string, count: number): EditState {
  const { graphemes, cursor } = state.buffer;
  const step = count > 0 ? 1 : -1;
  let [at, left] = [cursor, Math.abs(count)];
  while (left > 0) {
    at += step;
    if (at < 0 || at >= graphemes.length) return bell(state);
    if (graphemes[at] === character) left -= 1;
  }
  return moveTo(state, at);
}

const searchCharacter =
  (direction: 1 | -1): Action =>
  (state, { count }) => ({
    ...state,
    waiting: (later, stroke) => findCharacter(later, stroke.text ?? '', count * direction),
  });

export const movingActions = {
  'beginning-of-line': state => moveTo(state, lineStart(state.buffer, state.buffer.cursor)),
  'end-of-line': state => moveTo(state, lineEnd(state.buffer, state.buffer.cursor)),
  'forward-char': bySteps(1),
  'backward-char': bySteps(-1),
  'forward-word': byWord(1, emacsWords),
  'backward-word': byWord(-1, emacsWords),
  'forward-big-word': byWord(1, unixWords),
  'backward-big-word': byWord(-1, unixWords),
  'character-search': searchCharacter(1),
  'character-search-backward': searchCharacter(-1),
  'set-mark': (state, { count, explicit }) => ({ ...state, mark: explicit ? Math.max(0, count) : state.buffer.cursor }),
  'exchange-point-and-mark': state =>
    state.mark > state.buffer.graphemes.length
      ? bell(state)
      : { ...moveTo(state, state.mark), mark: state.buffer.cursor },
  'clear-screen': state => withEffect(state, 'clear-screen'),
} as const satisfies Actions;
