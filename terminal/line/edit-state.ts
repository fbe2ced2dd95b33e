/**
 * Everything a line editor knows between two keystrokes, as a value that is never changed.
 *
 * Nothing here draws, waits or reads; edits.ts has what changes the text.
 */
import type { Keystroke } from '../keystroke.ts';
import { bufferOf, emptyBuffer, moveCursor, textOf, type LineBuffer } from './line-buffer.ts';

/** What a keystroke asks of whoever runs the editor. */
export type Effect =
  | 'submit'
  | 'interrupt'
  | 'end'
  | 'complete'
  | 'complete-backwards'
  | 'list-candidates'
  | 'insert-candidates'
  | 'clear-screen'
  | 'bell';

/** What the last keystroke did, for those keys that go on with it. */
export type Last = 'kill' | 'yank' | 'yank-last-argument' | 'insert' | 'other';

export type EditingMode = 'emacs' | 'vi-insert' | 'vi-command';

/** How to take an edit back. */
export interface Undo {
  readonly graphemes: readonly string[];
  /** Where the cursor comes when this is undone. */
  readonly cursor: number;
  /** A run of single characters, which are undone together. */
  readonly typed: { readonly start: number; readonly end: number } | undefined;
}

/** A history line that was edited and left. */
export interface Draft {
  readonly buffer: LineBuffer;
  readonly undos: readonly Undo[];
}

/** An incremental search, and what there was before it. */
export interface Search {
  readonly wanted: string;
  readonly direction: 'back' | 'forward';
  readonly found: boolean;
  readonly origin: EditState;
}

/** A numeric argument as far as it has been typed. */
export interface Argument {
  readonly negative: boolean;
  readonly digits: string;
}

export interface EditState {
  readonly buffer: LineBuffer;
  readonly mark: number;
  /** Oldest first. */
  readonly kills: readonly string[];
  /** Which of them is yanked. */
  readonly killIndex: number;
  readonly undos: readonly Undo[];
  readonly redos: readonly LineBuffer[];
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which history line is being edited; the one behind the last is the new line. */
  readonly place: number;
  readonly drafts: ReadonlyMap<number, Draft>;
  readonly mode: EditingMode;
  readonly overwrite: boolean;
  readonly argument: Argument | undefined;
  /** Keys of a binding of more than one, as far as they came. */
  readonly prefix: string;
  /** Takes the next keystroke, whatever it is. */
  readonly waiting: ((state: EditState, stroke: Keystroke) => EditState) | undefined;
  readonly search: Search | undefined;
  /** The last vi search, find and change, for those that repeat them. */
  readonly vi: ViMemory;
  readonly last: Last;
  readonly effect: Effect | undefined;
  /** UTF-16 units that the text may have. */
  readonly maxLength: number;
  /** Whether the text may hold line feeds; where not, they become spaces. */
  readonly multiline: boolean;
}

export interface ViMemory {
  readonly search: { readonly wanted: string; readonly direction: 'back' | 'forward' } | undefined;
  readonly find: { readonly command: 'f' | 'F' | 't' | 'T'; readonly character: string } | undefined;
  /** The keystrokes of the last change. */
  readonly change: readonly Keystroke[];
  /** The keystrokes since the command being typed began, and how much could be undone then. */
  readonly recording: { readonly strokes: readonly Keystroke[]; readonly undos: number } | undefined;
}

const noVi: ViMemory = { search: undefined, find: undefined, change: [], recording: undefined };

export interface Beginning {
  readonly history?: readonly string[];
  readonly text?: string;
  readonly mode?: EditingMode;
  readonly maxLength?: number;
  readonly multiline?: boolean;
  /** Kills are kept from line to line. */
  readonly before?: EditState | undefined;
}

/** The state in which a new line begins. */
export function beginLine(beginning: Beginning = {}): EditState {
  const { history = [], text = '', mode = 'emacs', maxLength = 16_384, multiline = false, before } = beginning;
  return {
    buffer: text === '' ? emptyBuffer : bufferOf(text),
    mark: 0,
    kills: before?.kills ?? [],
    killIndex: before?.killIndex ?? 0,
    undos: [],
    redos: [],
    history,
    place: history.length,
    drafts: new Map(),
    mode,
    overwrite: before?.overwrite ?? false,
    argument: undefined,
    prefix: '',
    waiting: undefined,
    search: undefined,
    vi: { ...noVi, ...before?.vi, recording: undefined },
    last: 'other',
    effect: undefined,
    maxLength,
    multiline,
  };
}

export const lineText = (state: EditState): string => textOf(state.buffer);
export const moveTo = (state: EditState, place: number): EditState => ({
  ...state,
  buffer: moveCursor(state.buffer, place),
});
export const withEffect = (state: EditState, effect: Effect): EditState => ({ ...state, effect });
export const bell = (state: EditState): EditState => withEffect(state, 'bell');
