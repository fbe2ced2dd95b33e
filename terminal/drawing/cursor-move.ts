/**
 * The shortest way for the cursor to get from one place to another.
 *
 * Only moves that every terminal of today knows. It does not overwrite what is in between: whoever knows what is there
 * decides that. Source: ECMA-48 5th ed. §8.3 (CUP, CHA, VPA, CUU, CUD, CUF, CUB; BS, CR).
 */
import { csi } from '../output/control.ts';
import * as out from '../output/cursor.ts';

export interface Place {
  readonly column: number;
  readonly row: number;
}

/**
 * Where the cursor is. The column is undefined behind a character in the last one, where terminals disagree, and behind
 * one whose width they disagree about.
 */
export interface CursorState {
  readonly column: number | undefined;
  readonly row: number;
}

/** From an unknown place if `from` is undefined. */
export function moveCursor(from: CursorState | undefined, to: Place): string {
  if (from?.row === to.row && from.column === to.column) return '';
  const ways = [absolute(to)];
  if (from) ways.push(...alongRow(from, to), ...alongColumn(from, to), ...byLines(from, to));
  return ways.reduce((best, way) => (way.length < best.length ? way : best));
}

/** A missing number is 1: `CSI H` is the top left, `CSI 5 H` the first column of the fifth row. */
function absolute({ column, row }: Place): string {
  if (column > 0) return out.cursorPosition(column, row);
  return row === 0 ? out.cursorHome() : csi(`${row + 1}H`);
}

function alongRow({ column, row }: CursorState, to: Place): string[] {
  return row === to.row ? inRow(column, to.column) : [];
}

function inRow(from: number | undefined, to: number): string[] {
  if (from === to) return [''];
  const home = to === 0 ? '\r' : `\r${out.cursorForward(to)}`;
  if (from === undefined) return [home, out.cursorColumn(to)];
  if (to > from) return [out.cursorForward(to - from), home];
  const back = from - to;
  return [out.cursorColumn(to), back <= 4 ? '\b'.repeat(back) : out.cursorBackward(back), home];
}

function alongColumn(from: CursorState, to: Place): string[] {
  if (from.column === undefined || from.row === to.row) return [];
  const relative = to.row > from.row ? out.cursorDown(to.row - from.row) : out.cursorUp(from.row - to.row);
  const named = out.cursorRow(to.row);
  const vertical = named.length < relative.length ? named : relative;
  return inRow(from.column, to.column).map(way => vertical + way);
}

/** CR LF goes to the beginning of the next row, and scrolls nothing as there is a row below. */
function byLines(from: CursorState, to: Place): string[] {
  const rows = to.row - from.row;
  if (rows < 1 || rows > 2) return [];
  const down = '\r\n'.repeat(rows);
  return [to.column === 0 ? down : down + out.cursorForward(to.column)];
}
