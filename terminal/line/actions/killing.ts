/**
 * Actions that kill text, and that bring it back.
 *
 * Kills in a row make one text. Source: GNU Readline 8.2 manual, "Killing And Yanking"; lines are those of the text.
 */
import { bell, moveTo, type EditState } from '../edit-state.ts';
import { insert, keepKilled, kill, remove } from '../edits.ts';
import { bufferOf, lineEnd, lineStart, textOf } from '../line-buffer.ts';
import { emacsWords, repeated, unixWords, wordEnd, wordStart, type WordKind } from '../words.ts';
import type { Action, Actions, Pressed } from './action.ts';

/** Kill from the cursor to where `end` says, and set the mark there; nothing there to kill rings the bell. */
const killTo =
  (end: (state: EditState, pressed: Pressed) => number): Action =>
  (state, pressed) => {
    const { cursor } = state.buffer;
    const to = end(state, pressed);
    return to === cursor ? bell(state) : markHere(kill(state, cursor, to, pressed.previous));
  };

const markHere = (state: EditState): EditState => ({ ...state, mark: state.buffer.cursor });

/** As `killTo`; the mark is set also where there was nothing to kill. */
const killAndMark =
  (end: (state: EditState, pressed: Pressed) => number): Action =>
  (state, pressed) =>
    markHere(killTo(end)(state, pressed));

const words =
  (direction: 1 | -1, kind: WordKind) =>
  ({ buffer: { graphemes, cursor } }: EditState, { count }: Pressed): number =>
    repeated(
      cursor,
      count * direction,
      at => wordEnd(graphemes, at, kind),
      at => wordStart(graphemes, at, kind),
    );

/** At the end of a line its line feed goes, at the beginning the one before. */
const toLineEnd = ({ buffer }: EditState): number => {
  const end = lineEnd(buffer, buffer.cursor);
  return end === buffer.cursor ? Math.min(end + 1, buffer.graphemes.length) : end;
};
const toLineStart = ({ buffer }: EditState): number => {
  const start = lineStart(buffer, buffer.cursor);
  return start === buffer.cursor ? Math.max(start - 1, 0) : start;
};

const region = (state: EditState): readonly [from: number, to: number] => [state.mark, state.buffer.cursor];

function yank(state: EditState): EditState {
  const text = state.kills[state.killIndex];
  if (text === undefined) return bell(state);
  return { ...insert({ ...state, mark: state.buffer.cursor }, text), last: 'yank' };
}

/** Put the kill before in the place of the one that was just yanked. */
function yankPop(state: EditState, { previous }: Pressed): EditState {
  const yanked = state.kills[state.killIndex];
  if (previous !== 'yank' || yanked === undefined) return bell(state);
  const { cursor } = state.buffer;
  const killIndex = (state.killIndex + state.kills.length - 1) % state.kills.length;
  return yank({ ...remove(state, cursor - bufferOf(yanked).graphemes.length, cursor), killIndex });
}

/** The last word of the history line before; each time in a row, of the one before that. */
function yankLastArgument(state: EditState, { previous }: Pressed): EditState {
  const again = previous === 'yank-last-argument';
  const place = (again ? state.mark : state.history.length) - 1;
  const argument = lastArgument(state.history[place]);
  if (argument === undefined) return { ...bell(state), last: again ? 'yank-last-argument' : 'other' };
  const before = again ? lastArgument(state.history[state.mark]) : undefined;
  const { cursor } = state.buffer;
  const cleared = before === undefined ? state : remove(state, cursor - bufferOf(before).graphemes.length, cursor);
  return { ...insert(cleared, argument), mark: place, last: 'yank-last-argument' };
}

const lastArgument = (line: string | undefined): string | undefined =>
  line === undefined ? undefined : (/\S+(?=\s*$)/.exec(line)?.[0] ?? '');

export const killingActions = {
  'kill-line': (state, pressed) =>
    (pressed.count < 0 ? killTo : killAndMark)(pressed.count < 0 ? toLineStart : toLineEnd)(state, pressed),
  'backward-kill-line': (state, pressed) => killTo(pressed.count < 0 ? toLineEnd : toLineStart)(state, pressed),
  'unix-line-discard': killTo(toLineStart),
  'kill-whole-line': (state, { previous }) => {
    const { length } = state.buffer.graphemes;
    return length === 0 ? bell(state) : kill(state, 0, length, previous);
  },
  'kill-word': killAndMark(words(1, emacsWords)),
  'backward-kill-word': killAndMark(words(-1, emacsWords)),
  'unix-word-rubout': (state, pressed) =>
    killTo(words(-1, unixWords))(state, { ...pressed, count: Math.max(1, pressed.count) }),
  'kill-region': (state, { previous }) => {
    const [from, to] = region(state);
    return kill(state, from, to, previous);
  },
  'copy-region-as-kill': (state, { previous }) => {
    const [from, to] = region(state);
    const text = textOf(state.buffer, Math.min(from, to), Math.max(from, to));
    return { ...keepKilled(state, text, from < to, previous), last: 'kill' };
  },
  yank,
  'yank-pop': yankPop,
  'yank-last-arg': yankLastArgument,
  'comment-line': state => ({ ...insert(moveTo(state, 0), '#'), effect: 'submit' }),
} as const satisfies Actions;
