/**
 * vi's commands: motions, operators on them, and the changes between.
 *
 * In command mode the cursor is on a character, never behind the last. Source: POSIX sh, "vi Line Editing Command Mode";
 * GNU Readline 8.2, vi mode.
 */
import { keystrokeName, type Keystroke } from '../../keystroke.ts';
import { bell, moveTo, type EditState } from '../edit-state.ts';
import { keepKilled, kill, undoneTogether } from '../edits.ts';
import { lineEnd, lineStart, textOf } from '../line-buffer.ts';
import type { Action, Actions, Pressed } from './action.ts';
import { digit } from './controlling.ts';
import { lineAt, visit, visitBy } from './remembering.ts';
import { changeCase, put, replaceCharacters } from './vi-changes.ts';
import { changedWord, find, isFind, motions, type Motion } from './vi-motions.ts';

/** What an operator does with what a motion goes over. */
type Operator = (state: EditState, from: number, to: number) => EditState;

const insertAt = (state: EditState, place: number): EditState => ({ ...moveTo(state, place), mode: 'vi-insert' });

const operators: Readonly<Record<'d' | 'c' | 'y', Operator>> = {
  d: (state, from, to) => kill(moveTo(state, to), from, to, 'other'),
  c: (state, from, to) => ({ ...(from === to ? state : kill(state, from, to, 'other')), mode: 'vi-insert' }),
  // The cursor stays, as in readline; vi itself goes to the beginning.
  y: (state, from, to) => keepKilled(state, textOf(state.buffer, from, to), true, 'other'),
};

const strokeKey = (stroke: Keystroke): string =>
  stroke.text !== undefined && stroke.text !== ' ' ? stroke.text : keystrokeName(stroke);

/** The motion of a key; those that find a character wait for it first. */
function withMotion(state: EditState, key: string, go: (later: EditState, motion: Motion) => EditState): EditState {
  if (isFind(key)) {
    return {
      ...state,
      waiting: (later, { text: character }) =>
        character === undefined
          ? bell(later)
          : go({ ...later, vi: { ...later.vi, find: { command: key, character } } }, find(key, character)),
    };
  }
  const found = motions[key];
  const motion = typeof found === 'function' ? found(state) : found;
  return motion ? go(state, motion) : bell(state);
}

const move: Action = (state, { stroke, count }) =>
  withMotion(state, strokeKey(stroke), (later, motion) => {
    const to = motion.to(later, count);
    return to === undefined ? bell(later) : moveTo(later, to);
  });

/** Waits for a count and a motion, or for the operator's own key, which means the whole line. */
function operate(name: keyof typeof operators, state: EditState, count: number): EditState {
  const apply = operators[name];
  const waiting = (later: EditState, stroke: Keystroke): EditState => {
    const key = strokeKey(stroke);
    if (/^[1-9]$/.test(key) || (key === '0' && later.argument)) return { ...digit(later, key), waiting };
    const total = count * Number(later.argument?.digits ?? 1);
    const clean = { ...later, argument: undefined };
    if (key === name) return name === 'y' ? yankLine(clean) : apply(clean, ...wholeLine(clean));
    const changed = name === 'c' ? changedWord[key] : undefined;
    if (changed) return over(clean, changed, total, apply);
    return withMotion(clean, key, (last, motion) => over(last, motion, total, apply));
  };
  return { ...state, waiting };
}

function over(state: EditState, motion: Motion, count: number, apply: Operator): EditState {
  const { cursor, graphemes } = state.buffer;
  const to = motion.to(state, count);
  if (to === undefined || (to === cursor && !motion.inclusive && apply !== operators.c)) return bell(state);
  const end = Math.max(cursor, to) + (motion.inclusive ? 1 : 0);
  return apply(state, Math.min(cursor, to), Math.min(end, graphemes.length));
}

const wholeLine = ({ buffer }: EditState): [from: number, to: number] => [
  lineStart(buffer, buffer.cursor),
  lineEnd(buffer, buffer.cursor),
];

/** The cursor stays. */
const yankLine = (state: EditState): EditState =>
  keepKilled(state, textOf(state.buffer, ...wholeLine(state)), true, 'other');

const toEnd =
  (apply: Operator): Action =>
  state =>
    apply(state, state.buffer.cursor, lineEnd(state.buffer, state.buffer.cursor));

const ahead = ({ buffer: { cursor, graphemes } }: EditState, count: number): number =>
  Math.min(cursor + count, graphemes.length);

/** The next line that holds what was last looked for. */
function searchAgain(state: EditState, isReversed: boolean): EditState {
  const { search } = state.vi;
  if (!search) return bell(state);
  const step = (search.direction === 'back') === isReversed ? 1 : -1;
  for (let place = state.place + step; place >= 0 && place < state.history.length; place += step) {
    if (lineAt(state, place).includes(search.wanted)) return visit(state, place);
  }
  return bell(state);
}

/** Leave insert mode: what was inserted is one undo, and the cursor goes onto a character. */
function toCommands(state: EditState): EditState {
  if (state.mode === 'vi-command') return bell(state);
  const { cursor } = state.buffer;
  const left: EditState = {
    ...undoneTogether(state, state.vi.recording?.undos ?? 0),
    mode: 'vi-command',
    overwrite: false,
  };
  return moveTo(left, cursor > lineStart(state.buffer, cursor) ? cursor - 1 : cursor);
}

const toHistory = (state: EditState, { count, explicit }: Pressed): EditState =>
  visitBy(state, (explicit ? count - 1 : 0) - state.place);

export const viActions = {
  'vi-motion': move,
  'vi-delete-to': (state, { count }) => operate('d', state, count),
  'vi-change-to': (state, { count }) => operate('c', state, count),
  'vi-yank-to': (state, { count }) => operate('y', state, count),
  'vi-delete-to-end': toEnd(operators.d),
  'vi-change-to-end': toEnd(operators.c),
  'vi-yank-to-end': toEnd(operators.y),
  'vi-change-line': state => operators.c(state, ...wholeLine(state)),
  'vi-delete': (state, { count }) => operators.d(state, state.buffer.cursor, ahead(state, count)),
  'vi-rubout': (state, { count }) => operators.d(state, Math.max(0, state.buffer.cursor - count), state.buffer.cursor),
  'vi-substitute': (state, { count }) => operators.c(state, state.buffer.cursor, ahead(state, count)),
  'vi-put': (state, { count }) => put(state, ahead(state, 1), count),
  'vi-put-before': (state, { count }) => put(state, state.buffer.cursor, count),
  'vi-replace': replaceCharacters,
  'vi-overwrite': state => ({ ...state, mode: 'vi-insert', overwrite: true }),
  'vi-change-case': changeCase,
  'vi-insert': state => insertAt(state, state.buffer.cursor),
  'vi-append': state => insertAt(state, Math.min(state.buffer.cursor + 1, lineEnd(state.buffer, state.buffer.cursor))),
  'vi-insert-beginning': state => insertAt(state, lineStart(state.buffer, state.buffer.cursor)),
  'vi-append-end': state => insertAt(state, lineEnd(state.buffer, state.buffer.cursor)),
  'vi-movement-mode': toCommands,
  'vi-search-again': state => searchAgain(state, false),
  'vi-search-back-again': state => searchAgain(state, true),
  'vi-fetch-history': toHistory,
} as const satisfies Actions;

/** In command mode the cursor is on a character. */
export function onCharacter(state: EditState): EditState {
  if (state.mode !== 'vi-command' || state.waiting) return state;
  const { buffer } = state;
  const end = lineEnd(buffer, buffer.cursor);
  const isPast = buffer.cursor === end && end > lineStart(buffer, buffer.cursor);
  return isPast ? moveTo(state, end - 1) : state;
}
