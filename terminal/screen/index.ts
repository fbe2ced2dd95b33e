/** What the person sees: the picture that a program's bytes make. */

export { ScreenBuffer, sizeLimits } from './screen-buffer.ts';
export { WaitError, type ScreenMatch, type WaitOptions } from './waits.ts';
export type { Link, ScreenCell } from './cell.ts';
export type { EmulatorOptions as ScreenOptions } from './headless.ts';
export type { PictureOptions } from './picture.ts';
export type { RepaintOptions } from './repaint.ts';
export type { ScreenModes } from './screen-modes.ts';
export type { Cursor, ScreenSnapshot } from './snapshot.ts';
