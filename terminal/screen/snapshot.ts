/** A screen as plain values, without the emulator that made it. */
import type { ScreenCell } from './cell.ts';
import type { CursorLook } from './screen-modes.ts';

export interface Cursor extends CursorLook {
  /** From 0; at the right edge it stays in the last column until the next character. */
  readonly column: number;
  readonly row: number;
}

/** A screen as plain values: what `JSON.stringify` and a test's snapshot can keep. */
export interface ScreenSnapshot {
  readonly columns: number;
  readonly title: string;
  readonly alternate: boolean;
  readonly cursor: Cursor;
  /** One list for each row, one cell for each column. */
  readonly rows: readonly (readonly ScreenCell[])[];
}
