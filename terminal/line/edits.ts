/**
 * The edits: each makes a new state from another, and can be undone.
 *
 * An undo puts the cursor where GNU Readline does: behind what comes back, or where what goes away began.
 * Source: GNU Readline 8.2 manual, "Killing And Yanking"; its behaviour, to which test/terminal/line/ holds them.
 */
import { graphemesOf } from '../width.ts';
import { bell, lineText, moveTo, type EditState, type Last, type Undo } from './edit-state.ts';
import { replaceText, textOf } from './line-buffer.ts';

/** Kills that are kept. Readline's number. */
const MAX_KILLS = 10;
const MAX_UNDOS = 1_000;
/** Characters typed in a row that are undone together. Readline's number. */
const UNDONE_TOGETHER = 20;

/** Insert at the cursor. What would make the text too long is left out, with a bell. */
export function insert(state: EditState, inserted: string): EditState {
  const { cursor } = state.buffer;
  const text = state.multiline ? inserted : inserted.replaceAll('\n', ' ');
  const room = state.maxLength - lineText(state).length;
  const fitting = text.length <= room ? text : graphemesWithin(text, room);
  if (fitting === '') return text === '' ? state : bell(state);
  const edited = edit(state, cursor, cursor, fitting);
  return fitting === text ? edited : bell(edited);
}

/** Delete from one place to another, in either order; the cursor comes there. */
export function remove(state: EditState, from: number, to: number): EditState {
  if (from === to) return moveTo(state, from);
  return edit(state, Math.min(from, to), Math.max(from, to), '');
}

/** Put `text` in the place of a range, in one undo. */
export const replace = (state: EditState, from: number, to: number, text: string): EditState =>
  together(state, before => insert(remove(before, from, to), text));

/** Delete and keep for yanking; behind the last kill if that was just before, or in front of it when going backwards. */
export function kill(state: EditState, from: number, to: number, previous: Last): EditState {
  const killed = keepKilled(state, textOf(state.buffer, Math.min(from, to), Math.max(from, to)), from < to, previous);
  return { ...remove(killed, from, to), last: 'kill' };
}

/** Keep `text` for yanking; what was kept stays if there is none. */
export function keepKilled(state: EditState, text: string, forward: boolean, previous: Last): EditState {
  if (text === '') return state;
  const joined = previous === 'kill' ? state.kills[state.killIndex] : undefined;
  const whole = forward ? (joined ?? '') + text : text + (joined ?? '');
  const others = joined === undefined ? state.kills : state.kills.filter((_, index) => index !== state.killIndex);
  const kills = [...others, whole].slice(-MAX_KILLS);
  return { ...state, kills, killIndex: kills.length - 1 };
}

/** What `change` does, in one undo. */
export const together = (state: EditState, change: (before: EditState) => EditState): EditState =>
  undoneTogether(change(state), state.undos.length);

/** All that has come since there were so many undos is one undo. */
export function undoneTogether(state: EditState, undos: number): EditState {
  const first = state.undos[undos];
  return first ? { ...state, undos: [...state.undos.slice(0, undos), { ...first, typed: undefined }] } : state;
}

export function undo(state: EditState): EditState {
  const last = state.undos.at(-1);
  if (!last) return bell(state);
  const { graphemes, cursor } = last;
  return {
    ...state,
    buffer: { graphemes, cursor },
    undos: state.undos.slice(0, -1),
    redos: [...state.redos, state.buffer],
  };
}

export function redo(state: EditState): EditState {
  const buffer = state.redos.at(-1);
  if (!buffer) return bell(state);
  const { graphemes, cursor } = state.buffer;
  const undone: Undo = { graphemes, cursor, typed: undefined };
  return { ...state, buffer, undos: [...state.undos, undone], redos: state.redos.slice(0, -1) };
}

function edit(state: EditState, from: number, to: number, text: string): EditState {
  const { graphemes } = state.buffer;
  const buffer = replaceText(state.buffer, from, to, text);
  const typed = from === to && buffer.cursor === from + 1 ? { start: from, end: buffer.cursor } : undefined;
  const last = state.undos.at(-1);
  const joins = typed && last?.typed?.end === from && last.typed.end - last.typed.start < UNDONE_TOGETHER;
  const entry: Undo =
    joins && last.typed
      ? { ...last, typed: { start: last.typed.start, end: buffer.cursor } }
      : { graphemes, cursor: to, typed };
  const undos = [...(joins ? state.undos.slice(0, -1) : state.undos), entry].slice(-MAX_UNDOS);
  return { ...state, buffer, undos, redos: [], mark: Math.min(state.mark, buffer.graphemes.length) };
}

/** As much of `text` as fits into `units`, in whole graphemes. */
function graphemesWithin(text: string, units: number): string {
  let fitting = '';
  for (const grapheme of graphemesOf(text)) {
    if (fitting.length + grapheme.length > units) break;
    fitting += grapheme;
  }
  return fitting;
}
