/** An action: what a key binding names. Pure; what it cannot do itself it asks for as an effect. */
import type { Keystroke } from '../../keystroke.ts';
import type { EditState, Last } from '../edit-state.ts';

/** How an action was called for. */
export interface Pressed {
  readonly stroke: Keystroke;
  /** The numeric argument; 1 if none was given. */
  readonly count: number;
  /** Whether one was given. */
  readonly explicit: boolean;
  /** What the keystroke before did. */
  readonly previous: Last;
}

/** The state comes without argument and effect, and with `last` as `other`. */
export type Action = (state: EditState, pressed: Pressed) => EditState;
export type Actions = Readonly<Record<string, Action>>;
