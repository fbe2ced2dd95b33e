/**
 * From what the screen shows to what it shall show, in as few bytes as are worth it: only cells that change are sent.
 *
 * It knows the rows it has drawn and where it left the cursor in them, and nothing of the screen around. Rows that go on
 * in the next are left to the terminal's own wrapping, so that terminals can join them again when their size changes.
 * Source: ECMA-48; DEC VT510 on the last column (a full row's cursor waits there until the next character).
 */
import { cursorColumn, cursorDown, cursorUp } from '../output/cursor.ts';
import { eraseToDisplayEnd, eraseToLineEnd } from '../output/erase.ts';
import { selectGraphicRendition } from '../output/style.ts';
import type { Cell, Frame, Row } from './frame.ts';

const nothing: Frame = { rows: [], cursor: { column: 0, row: 0 } };
const emptyRow: Row = { cells: [], width: 0, wraps: false };

export class Painter {
  #shown = nothing;
  #row = 0;
  #column = 0;
  /** Rows that are there to be moved to. */
  #rows = 1;
  #out = '';

  /** What turns what is shown into `next`. */
  paint(next: Frame): string {
    const before = this.#shown;
    for (const [row, wanted] of next.rows.entries()) this.#paintRow(row, wanted, before, next);
    if (before.rows.length > next.rows.length) {
      this.#moveTo(next.rows.length, 0);
      this.#out += eraseToDisplayEnd();
    }
    this.#moveTo(next.cursor.row, next.cursor.column);
    this.#rows = Math.max(1, next.rows.length);
    this.#shown = next;
    return this.#take();
  }

  /** Empty all rows; the cursor is at the beginning of the first, from where everything is drawn anew. */
  erase(): string {
    this.#moveTo(0, 0);
    this.#out += `\r${eraseToDisplayEnd()}`;
    this.#shown = nothing;
    this.#rows = 1;
    return this.#take();
  }

  /** Leave what is shown where it is, and go to the beginning of the row below it. */
  leave(): string {
    const last = this.#shown.rows.length - 1;
    const isBelow = last > 0 && this.#shown.rows[last]?.width === 0 && this.#shown.rows[last - 1]?.wraps === true;
    this.#moveTo(Math.max(0, last), 0);
    if (!isBelow) this.#out += '\r\n';
    const out = this.#take();
    this.forget();
    return out;
  }

  /** Somebody else has cleared the screen, or has the cursor at the beginning of an empty row. */
  forget(): void {
    this.#shown = nothing;
    [this.#row, this.#column, this.#rows] = [0, 0, 1];
  }

  /** The terminal has moved the cursor, as it does when its size changes. */
  cursorIs(row: number, rows: number): void {
    [this.#row, this.#column, this.#rows] = [row, 0, Math.max(rows, row + 1)];
  }

  #paintRow(row: number, wanted: Row, before: Frame, next: Frame): void {
    const shown = before.rows[row];
    const changed = firstChange(row, wanted, before, next);
    if (changed === undefined) return;
    const column = widthOf(wanted.cells.slice(0, changed));
    this.#moveTo(row, column, next.rows[row - 1]);
    this.#write(wanted.cells.slice(changed, lastChange(changed, wanted, shown)));
    if (wanted.width < (shown?.width ?? 0)) {
      this.#moveTo(row, wanted.width);
      this.#out += eraseToLineEnd();
    }
  }

  #write(cells: readonly Cell[]): void {
    let style = '';
    for (const cell of cells) {
      if (cell.style !== style) this.#out += cell.style === '' ? selectGraphicRendition(0) : cell.style;
      style = cell.style;
      this.#out += cell.text;
    }
    if (style !== '') this.#out += selectGraphicRendition(0);
    this.#column += widthOf(cells);
  }

  /** `above` is the row above, if the terminal may come here by wrapping it. */
  #moveTo(row: number, column: number, above?: Row): void {
    if (above?.wraps && this.#row === row - 1 && this.#column === above.width && column === 0)
      return this.#wrapInto(row);
    if (row >= this.#rows) return this.#openRow(row, column);
    if (row !== this.#row) this.#out += row < this.#row ? cursorUp(this.#row - row) : cursorDown(row - this.#row);
    if (row !== this.#row || column !== this.#column) this.#out += column === 0 ? '\r' : cursorColumn(column);
    [this.#row, this.#column] = [row, column];
  }

  /** A space makes the terminal wrap, and is written over by what comes. */
  #wrapInto(row: number): void {
    this.#out += ' \r';
    [this.#row, this.#column, this.#rows] = [row, 0, Math.max(this.#rows, row + 1)];
  }

  #openRow(row: number, column: number): void {
    this.#moveTo(this.#rows - 1, 0);
    this.#out += '\r\n'.repeat(row - this.#rows + 1);
    [this.#row, this.#column, this.#rows] = [row, 0, row + 1];
    this.#moveTo(row, column);
  }

  #take(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);
const isSame = (a: Cell | undefined, b: Cell | undefined): boolean => a?.text === b?.text && a?.style === b?.style;

/** The first cell of a row that has to be written; undefined if the row is as it shall be. */
function firstChange(row: number, wanted: Row, before: Frame, next: Frame): number | undefined {
  const shown = before.rows[row];
  if (!shown || wrapsAnew(before.rows[row - 1], next.rows[row - 1])) return 0;
  const length = Math.max(wanted.cells.length, shown.cells.length);
  let cell = 0;
  while (cell < length && isSame(wanted.cells[cell], shown.cells[cell])) cell += 1;
  if (cell < length) return Math.min(cell, wanted.cells.length);
  return wrapsAnew(shown, wanted) ? wanted.cells.length - 1 : undefined;
}

const wrapsAnew = (before: Row = emptyRow, after: Row = emptyRow): boolean => after.wraps && !before.wraps;

/** Behind the last cell that has to be written: what is the same up to the end of the row stays. */
function lastChange(first: number, wanted: Row, shown: Row = emptyRow): number {
  const { length } = wanted.cells;
  if (wanted.width !== shown.width || length !== shown.cells.length || wrapsAnew(shown, wanted)) return length;
  let end = length;
  while (end > first && isSame(wanted.cells[end - 1], shown.cells[end - 1])) end -= 1;
  return end;
}
