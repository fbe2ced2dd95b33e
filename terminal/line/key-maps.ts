/**
 * Which key does what, as tables: `bindings` in the options adds to them.
 *
 * Keys are written as `keystrokeName` does (`control+a`, `alt+f`), several in a row with spaces between them.
 * Source: GNU Readline 8.2 manual, default bindings of both modes; POSIX sh; and the keys that keyboards have had since.
 */
import type { ActionName } from './actions/index.ts';
import type { EditingMode } from './edit-state.ts';

export type KeyMap = Readonly<Record<string, ActionName>>;

/** Keys that mean the same in every mode. None is held with alt: in vi's modes that is Escape and the key. */
const keyboard = {
  enter: 'accept-line',
  'control+j': 'accept-line',
  'shift+enter': 'insert-newline',
  backspace: 'backward-delete-char',
  'control+h': 'backward-delete-char',
  'shift+backspace': 'backward-delete-char',
  delete: 'delete-char',
  insert: 'overwrite-mode',
  left: 'backward-char',
  right: 'forward-char',
  up: 'previous-line-or-history',
  down: 'next-line-or-history',
  home: 'beginning-of-line',
  end: 'end-of-line',
  pageUp: 'history-search-backward',
  pageDown: 'history-search-forward',
  'control+left': 'backward-word',
  'control+right': 'forward-word',
  'control+delete': 'kill-word',
  'control+backspace': 'backward-kill-word',
  tab: 'complete',
  'shift+tab': 'complete-backwards',
  'control+c': 'interrupt',
  'control+v': 'quoted-insert',
  'control+r': 'reverse-search-history',
  'control+s': 'forward-search-history',
  'control+t': 'transpose-chars',
  'control+u': 'unix-line-discard',
  'control+w': 'unix-word-rubout',
  'control+y': 'yank',
  'control+_': 'undo',
} as const satisfies KeyMap;

const digits: KeyMap = Object.fromEntries(
  Array.from('0123456789', character => [`alt+${character}`, 'digit-argument'] as const),
);

const emacsMap: KeyMap = {
  ...keyboard,
  ...digits,
  'alt+enter': 'insert-newline',
  'alt+left': 'backward-word',
  'alt+right': 'forward-word',
  'control+space': 'set-mark',
  'control+a': 'beginning-of-line',
  'control+b': 'backward-char',
  'control+d': 'end-or-delete-char',
  'control+e': 'end-of-line',
  'control+f': 'forward-char',
  'control+g': 'abort',
  'control+k': 'kill-line',
  'control+l': 'clear-screen',
  'control+n': 'next-history',
  'control+p': 'previous-history',
  'control+q': 'quoted-insert',
  'control+]': 'character-search',
  'control+alt+]': 'character-search-backward',
  'control+x control+u': 'undo',
  'control+x control+x': 'exchange-point-and-mark',
  'control+x backspace': 'backward-kill-line',
  'control+alt+h': 'backward-kill-word',
  'alt+backspace': 'backward-kill-word',
  'alt+delete': 'backward-kill-word',
  'alt+-': 'negative-argument',
  'alt+<': 'beginning-of-history',
  'alt+>': 'end-of-history',
  'alt+.': 'yank-last-arg',
  'alt+_': 'redo',
  'alt+#': 'comment-line',
  'alt+?': 'possible-completions',
  'alt+*': 'insert-completions',
  'alt+\\': 'delete-horizontal-space',
  'alt+b': 'backward-word',
  'alt+c': 'capitalize-word',
  'alt+d': 'kill-word',
  'alt+f': 'forward-word',
  'alt+l': 'downcase-word',
  'alt+r': 'revert-line',
  'alt+t': 'transpose-words',
  'alt+u': 'upcase-word',
  'alt+w': 'copy-region-as-kill',
  'alt+y': 'yank-pop',
};

const viInsertMap: KeyMap = { ...keyboard, escape: 'vi-movement-mode', 'control+d': 'end' };

const motionKeys = ['h', 'l', 'w', 'W', 'b', 'B', 'e', 'E', '0', '^', '$', '|', '%', ';', ',', 'f', 'F', 't', 'T'];

const viCommandMap: KeyMap = {
  ...keyboard,
  ...Object.fromEntries(['space', 'left', 'right', 'backspace', ...motionKeys].map(key => [key, 'vi-motion'] as const)),
  ...Object.fromEntries(Array.from('123456789', key => [key, 'digit-argument'] as const)),
  escape: 'vi-movement-mode',
  'control+d': 'end',
  'control+l': 'clear-screen',
  d: 'vi-delete-to',
  c: 'vi-change-to',
  y: 'vi-yank-to',
  D: 'vi-delete-to-end',
  C: 'vi-change-to-end',
  Y: 'vi-yank-to-end',
  S: 'vi-change-line',
  s: 'vi-substitute',
  x: 'vi-delete',
  X: 'vi-rubout',
  p: 'vi-put',
  P: 'vi-put-before',
  r: 'vi-replace',
  R: 'vi-overwrite',
  '~': 'vi-change-case',
  i: 'vi-insert',
  a: 'vi-append',
  I: 'vi-insert-beginning',
  A: 'vi-append-end',
  u: 'undo',
  U: 'revert-line',
  '.': 'vi-redo',
  j: 'next-history',
  '+': 'next-history',
  k: 'previous-history',
  '-': 'previous-history',
  G: 'vi-fetch-history',
  '/': 'reverse-search-history',
  '?': 'forward-search-history',
  n: 'vi-search-again',
  N: 'vi-search-back-again',
  '#': 'comment-line',
  '=': 'possible-completions',
  '*': 'insert-completions',
  '\\': 'complete',
  _: 'yank-last-arg',
};

/** The maps of all modes, with the bindings that were added. */
export const keyMapsOf = (added: Partial<Record<EditingMode, KeyMap>>): Readonly<Record<EditingMode, KeyMap>> => ({
  emacs: { ...emacsMap, ...added.emacs },
  'vi-insert': { ...viInsertMap, ...added['vi-insert'] },
  'vi-command': { ...viCommandMap, ...added['vi-command'] },
});
