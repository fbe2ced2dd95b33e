/**
 * What a terminal sends for pastes, the mouse and the focus of its window, by what the program has asked for.
 *
 * Source: xterm ctlseqs, "Bracketed Paste Mode", "Mouse Tracking", "FocusIn/FocusOut".
 */
import type { MouseButton, MouseEvent } from '../keystroke.ts';
import type { ScreenModes } from '../screen/screen-modes.ts';

/** Line ends become CR, as if typed. What could end the paste is taken out of it, as terminals do. */
export function pasteBytes(text: string, { bracketedPaste }: Pick<ScreenModes, 'bracketedPaste'>): string {
  const typed = text.replace(/\r?\n/g, '\r').replaceAll('\x1b', '');
  return bracketedPaste ? `\x1b[200~${typed}\x1b[201~` : typed;
}

export const focusBytes = (focused: boolean): string => (focused ? '\x1b[I' : '\x1b[O');

const buttons: Readonly<Record<MouseButton, number>> = {
  left: 0,
  middle: 1,
  right: 2,
  none: 3,
  back: 128,
  forward: 129,
};
const wheels: Readonly<Record<string, number>> = {
  'wheel-up': 64,
  'wheel-down': 65,
  'wheel-left': 66,
  'wheel-right': 67,
};

/** Which events each mode tells of. */
const told: Readonly<Record<ScreenModes['mouse'], (event: MouseEvent) => boolean>> = {
  none: () => false,
  press: ({ event }) => event === 'press',
  buttons: ({ event }) => event !== 'move',
  drag: ({ event, button }) => event !== 'move' || button !== 'none',
  motion: () => true,
};

type MouseModes = Pick<ScreenModes, 'mouse' | 'mouseEncoding'>;

/** Undefined for an event that the program does not hear of. Pixels are told only where the event has them. */
export function mouseBytes(event: MouseEvent, { mouse, mouseEncoding }: MouseModes): string | undefined {
  if (!told[mouse](event)) return undefined;
  const held = Number(event.shift) * 4 + Number(event.alt) * 8 + Number(event.control) * 16;
  const button = (wheels[event.event] ?? buttons[event.button]) + held + (event.event === 'move' ? 32 : 0);
  if (mouseEncoding === 'x10') return x10Bytes(event, button);
  const { x, y } = (mouseEncoding === 'sgr-pixels' && event.pixels) || { x: event.column, y: event.row };
  return `\x1b[<${button};${x + 1};${y + 1}${event.event === 'release' ? 'm' : 'M'}`;
}

/** A release does not say of what; places past 222 cannot be said. */
function x10Bytes({ event, column, row, button: name }: MouseEvent, number: number): string | undefined {
  if (column > 222 || row > 222) return undefined;
  const button = event === 'release' ? (number & ~3) | buttons.none : number;
  if (name === 'back' || name === 'forward') return undefined;
  return `\x1b[M${String.fromCharCode(button + 32, column + 33, row + 33)}`;
}
