/**
 * Mouse events: SGR encoding, in cells or pixels, and the first one, X10's.
 *
 * Source: xterm ctlseqs, "Mouse Tracking". Buttons 8 and 9 are back and forward.
 */
import type { TerminalSize } from '../../transport/contracts.ts';
import type { MouseButton, MouseEvent } from '../keystroke.ts';
import { numberAt, type ControlSequence } from '../parsing/control-sequence.ts';

const buttons: readonly MouseButton[] = ['left', 'middle', 'right', 'none'];
const moreButtons: readonly MouseButton[] = ['back', 'forward', 'none', 'none'];
const wheels = ['wheel-up', 'wheel-down', 'wheel-left', 'wheel-right'] as const;

/** Bits of the button's number. */
const bits = { button: 3, shift: 4, alt: 8, control: 16, move: 32, wheel: 64, more: 128 } as const;

/** Where something happened, counted from 0. */
interface Spot {
  readonly column: number;
  readonly row: number;
  readonly pixels?: { readonly x: number; readonly y: number };
}

/** `CSI < button ; x ; y M`, or `m` for a release. With `inPixels`, the size of the screen tells the cells. */
export function sgrMouse(sequence: ControlSequence, inPixels: boolean, size: TerminalSize): MouseEvent | undefined {
  const [button, x, y] = [numberAt(sequence, 0), numberAt(sequence, 1) - 1, numberAt(sequence, 2) - 1];
  if (sequence.parameters.length !== 3 || button < 0 || button > 255 || x < 0 || y < 0) return undefined;
  const spot = inPixels ? spotOfPixels(x, y, size) : { column: x, row: y };
  return spot && mouseEvent(button, sequence.final === 'm', spot);
}

/** `CSI M` and three bytes, each 32 more than its number. A release does not say of what. */
export function x10Mouse(sequence: Uint8Array): MouseEvent | undefined {
  const [button = -1, x = -1, y = -1] = [...sequence.subarray(3)].map(byte => byte - 32);
  if (button < 0 || x < 1 || y < 1) return undefined;
  const isRelease = (button & bits.button) === 3 && (button & (bits.wheel | bits.move | bits.more)) === 0;
  return mouseEvent(button, isRelease, { column: x - 1, row: y - 1 });
}

function spotOfPixels(x: number, y: number, size: TerminalSize): Spot | undefined {
  const { columns, rows, widthPixels, heightPixels } = size;
  if (widthPixels === 0 || heightPixels === 0) return undefined;
  const column = Math.min(Math.floor((x * columns) / widthPixels), columns - 1);
  const row = Math.min(Math.floor((y * rows) / heightPixels), rows - 1);
  return { column, row, pixels: { x, y } };
}

function mouseEvent(number: number, isRelease: boolean, spot: Spot): MouseEvent {
  const which = number & bits.button;
  const isWheel = (number & bits.wheel) !== 0;
  const button = isWheel ? 'none' : ((number & bits.more ? moreButtons : buttons)[which] ?? 'none');
  return {
    event: isWheel ? (wheels[which] ?? 'wheel-up') : number & bits.move ? 'move' : isRelease ? 'release' : 'press',
    button,
    ...spot,
    control: (number & bits.control) !== 0,
    alt: (number & bits.alt) !== 0,
    shift: (number & bits.shift) !== 0,
    super: false,
  };
}
