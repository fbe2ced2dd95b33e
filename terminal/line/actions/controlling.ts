/** Actions that ask something of whoever runs the editor, that give up, and that take a numeric argument. */
import { bell, withEffect, type EditState } from '../edit-state.ts';
import { insert } from '../edits.ts';
import type { Action, Actions } from './action.ts';

const MAX_DIGITS = 6;

/** The argument so far, and one more digit. */
export const digit = (state: EditState, character: string): EditState => ({
  ...state,
  argument: {
    negative: state.argument?.negative ?? false,
    digits: ((state.argument?.digits ?? '') + character).slice(0, MAX_DIGITS),
  },
});

/** End of input on an empty line; something else on any other, and with an argument. */
export const endOr =
  (orElse: Action): Action =>
  (state, pressed) =>
    state.buffer.graphemes.length === 0 && !pressed.explicit ? withEffect(state, 'end') : orElse(state, pressed);

export const controllingActions = {
  'accept-line': state => withEffect(state, 'submit'),
  interrupt: state => withEffect(state, 'interrupt'),
  end: endOr(bell),
  abort: bell,
  complete: state => withEffect(state, 'complete'),
  'complete-backwards': state => withEffect(state, 'complete-backwards'),
  'possible-completions': state => withEffect(state, 'list-candidates'),
  'insert-completions': state => withEffect(state, 'insert-candidates'),
  'digit-argument': (state, { stroke }) => digit(state, stroke.key),
  'negative-argument': state =>
    (state.argument?.digits ?? '') === ''
      ? { ...state, argument: { negative: true, digits: '' } }
      : insert({ ...state, argument: undefined }, '-'.repeat(Number(state.argument?.digits))),
  /** Does what the last change did; press.ts plays it. */
  'vi-redo': bell,
} as const satisfies Actions;
