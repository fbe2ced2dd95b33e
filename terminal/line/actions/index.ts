/** Every action by its name. Names are those of GNU Readline where it has the action. */
import type { Action, Actions } from './action.ts';
import { changingActions } from './changing.ts';
import { controllingActions, endOr } from './controlling.ts';
import { killingActions } from './killing.ts';
import { movingActions } from './moving.ts';
import { rememberingActions } from './remembering.ts';
import { viActions } from './vi.ts';

const actions = {
  ...movingActions,
  ...changingActions,
  ...killingActions,
  ...rememberingActions,
  ...viActions,
  ...controllingActions,
  'end-or-delete-char': endOr(changingActions['delete-char']),
} as const satisfies Actions;

/** What a key can be bound to. */
export type ActionName = keyof typeof actions;

export const actionNamed = (name: ActionName): Action => actions[name];
export const isActionName = (name: string): name is ActionName => Object.hasOwn(actions, name);
