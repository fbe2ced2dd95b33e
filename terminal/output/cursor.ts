/**
 * Cursor movement, as pure functions from numbers to control functions.
 *
 * Nothing here writes or remembers: `ServerTerminal` does the writing, a screen the remembering.
 * Source: ECMA-48 5th ed. §8.3; DEC VT510 for DEC names. Names follow Twisted's ITerminalTransport.
 */
import { count, csi, ESC, place } from './control.ts';

/** Up `rows` rows; stops at the top margin. `CSI Pn A` (CUU), ECMA-48 §8.3.22. */
export const cursorUp = (rows = 1): string => csi(`${count(rows)}A`);
/** Down `rows` rows; stops at the bottom margin. `CSI Pn B` (CUD), ECMA-48 §8.3.19. */
export const cursorDown = (rows = 1): string => csi(`${count(rows)}B`);
/** Right `columns` columns; stops at the edge. `CSI Pn C` (CUF), ECMA-48 §8.3.20. */
export const cursorForward = (columns = 1): string => csi(`${count(columns)}C`);
/** Left `columns` columns; stops at the edge. `CSI Pn D` (CUB), ECMA-48 §8.3.18. */
export const cursorBackward = (columns = 1): string => csi(`${count(columns)}D`);

/**
 * To `column`, `row`, both counted from 0 at the top left. `CSI row+1 ; column+1 H` (CUP), ECMA-48 §8.3.21: the wire
 * counts from 1 and puts the row first.
 */
export const cursorPosition = (column: number, row: number): string => csi(`${place(row)};${place(column)}H`);
/** To `column` of the same row, counted from 0. `CSI column+1 G` (CHA), ECMA-48 §8.3.9. */
export const cursorColumn = (column: number): string => csi(`${place(column)}G`);
/** To `row`, in the same column, counted from 0. `CSI row+1 d` (VPA), ECMA-48 §8.3.158. */
export const cursorRow = (row: number): string => csi(`${place(row)}d`);
/** To the top left. `CSI H` (CUP), ECMA-48 §8.3.21. */
export const cursorHome = (): string => csi('H');

/** Remember position, style and character sets. `ESC 7` (DECSC), VT510. */
export const saveCursor = (): string => `${ESC}7`;
/** Back to what was remembered, or to the top left. `ESC 8` (DECRC), VT510. */
export const restoreCursor = (): string => `${ESC}8`;

/** Down one row, scrolling at the bottom margin; the column stays. `ESC D` (IND), ECMA-48 4th ed., VT510. */
export const index = (): string => `${ESC}D`;
/** Up one row, scrolling at the top margin; the column stays. `ESC M` (RI), ECMA-48 §8.3.104. */
export const reverseIndex = (): string => `${ESC}M`;
/** To the first column of the next row: CR LF, which does what NEL (ECMA-48 §8.3.86) does and is known everywhere. */
export const nextLine = (): string => '\r\n';

export type CursorShape =
  'default' | 'block' | 'underline' | 'bar' | 'blinking-block' | 'blinking-underline' | 'blinking-bar';

/** Each shape's number on the wire. */
export const cursorShapes: Readonly<Record<CursorShape, number>> = {
  default: 0,
  'blinking-block': 1,
  block: 2,
  'blinking-underline': 3,
  underline: 4,
  'blinking-bar': 5,
  bar: 6,
};

/** `CSI Ps SP q` (DECSCUSR), VT510; 5 and 6 are xterm's. */
export const cursorShape = (shape: CursorShape): string => csi(`${cursorShapes[shape]} q`);
