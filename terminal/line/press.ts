/**
 * One keystroke: from a state to the next, by the tables of key-maps.ts.
 *
 * Pure. A key that is bound to nothing and inserts nothing rings the bell.
 */
import { keystroke, keystrokeName, type Keystroke } from '../keystroke.ts';
import { digit } from './actions/controlling.ts';
import { actionNamed, type ActionName } from './actions/index.ts';
import { bell, type Argument, type EditState } from './edit-state.ts';
import { undoneTogether } from './edits.ts';
import { searchKeystroke } from './incremental-search.ts';
import type { KeyMap } from './key-maps.ts';
import { onCharacter } from './actions/vi.ts';

/** The map of each mode. */
export type KeyMaps = Readonly<Record<EditState['mode'], KeyMap>>;

/** Keystrokes of a change that are kept, to do it again. */
const MAX_RECORDED = 4_096;

export function press(state: EditState, stroke: Keystroke, maps: KeyMaps): EditState {
  if (stroke.event === 'release') return state;
  return state.mode === 'emacs' ? pressOne(state, stroke, maps) : pressVi(state, stroke, maps);
}

/** Keeps what a change is made of, so that it can be done again. */
function pressVi(state: EditState, stroke: Keystroke, maps: KeyMaps): EditState {
  if (isEscaped(state, stroke, maps)) {
    const { key, alt: _, ...rest } = stroke;
    const left = press(state, keystroke('escape'), maps);
    return press(left, keystroke(key, { ...rest, ...(key.length === 1 && !rest.control ? { text: key } : {}) }), maps);
  }
  if (state.mode === 'vi-command' && isIdle(state) && stroke.text === '.') return redoChange(state, maps);
  const begins = state.mode === 'vi-command' && isIdle(state);
  const recording = begins ? { strokes: [], undos: state.undos.length } : state.vi.recording;
  const recorded = recording && { ...recording, strokes: [...recording.strokes, stroke].slice(-MAX_RECORDED) };
  const next = onCharacter(pressOne({ ...state, vi: { ...state.vi, recording: recorded } }, stroke, maps));
  const isChange = next.mode === 'vi-command' && isIdle(next) && recorded && next.undos.length > recorded.undos;
  return isChange && next.place === state.place ? { ...next, vi: { ...next.vi, change: recorded.strokes } } : next;
}

/** Escape and the next key are alt and the key, where they come together. */
const isEscaped = (state: EditState, stroke: Keystroke, maps: KeyMaps): boolean =>
  stroke.alt && !state.waiting && !state.search && !Object.hasOwn(maps[state.mode], state.prefix + keyName(stroke));

const isIdle = ({ waiting, search, argument, prefix }: EditState): boolean =>
  !waiting && !search && !argument && prefix === '';

function redoChange(state: EditState, maps: KeyMaps): EditState {
  const { change } = state.vi;
  if (change.length === 0) return bell({ ...state, effect: undefined });
  const redone = change.reduce((before, stroke) => press(before, stroke, maps), state);
  return { ...undoneTogether(redone, state.undos.length), vi: { ...redone.vi, change } };
}

function pressOne(state: EditState, stroke: Keystroke, maps: KeyMaps): EditState {
  const before = { ...state, effect: undefined };
  if (before.waiting) return before.waiting({ ...before, waiting: undefined, last: 'other' }, stroke);
  const searched = searchKeystroke(before, stroke);
  return searched.isUsed ? searched.state : byMap(searched.state, stroke, maps[state.mode]);
}

function byMap(state: EditState, stroke: Keystroke, map: KeyMap): EditState {
  const inserts = stroke.text !== undefined && !stroke.control && !stroke.alt && !stroke.super;
  if (state.argument && inserts && /^[0-9]$/.test(stroke.key)) return digit(state, stroke.key);
  const name = state.prefix + (inserts && stroke.text !== ' ' ? stroke.text : keyName(stroke));
  const bound = Object.hasOwn(map, name) ? map[name] : undefined;
  if (bound) return act(state, bound, stroke);
  if (Object.keys(map).some(keys => keys.startsWith(`${name} `))) return { ...state, prefix: `${name} ` };
  const isTyped = inserts && state.prefix === '' && state.mode !== 'vi-command';
  return isTyped
    ? act(state, 'self-insert', stroke)
    : bell({ ...state, prefix: '', argument: undefined, last: 'other' });
}

/** Letters held with alt are the same in both cases, as terminals tell them apart or not. */
function keyName(stroke: Keystroke): string {
  const name = keystrokeName(stroke.event === 'repeat' ? { ...stroke, event: 'press' } : stroke);
  return /^alt\+[A-Z]$/.test(name) ? name.toLowerCase() : name;
}

const takesArgument: ReadonlySet<ActionName> = new Set(['digit-argument', 'negative-argument']);

function act(state: EditState, name: ActionName, stroke: Keystroke): EditState {
  const { argument, last: previous } = state;
  const clean: EditState = { ...state, argument: undefined, prefix: '', last: 'other' };
  const pressed = { stroke, count: argumentValue(argument), explicit: argument !== undefined, previous };
  if (!takesArgument.has(name)) return actionNamed(name)(clean, pressed);
  return { ...actionNamed(name)({ ...clean, argument }, pressed), last: previous };
}

/** A sign alone is −1. */
const argumentValue = (argument: Argument | undefined): number => {
  const size = argument && argument.digits !== '' ? Number(argument.digits) : 1;
  return argument?.negative ? -size : size;
};
