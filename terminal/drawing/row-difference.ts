/**
 * One row of the screen made into what it is to be: only what looks different is written, by the cheapest way at each step.
 *
 * It looks one change ahead, no further: bench/redraw.ts measures what that costs against the best there is.
 */
import { isDoubtful, isEmpty, looksAlike } from './appearance.ts';
import { moveCursor } from './cursor-move.ts';
import type { Cell } from './cells.ts';
import type { Grid } from './grid.ts';
import type { Pen } from './pen.ts';

/** A gap between two changes that is longer is never cheaper to write than to jump. */
const LONGEST_GAP = 16;

export class RowDifference {
  readonly #shown: Grid;
  readonly #next: Grid;
  readonly #row: number;
  readonly #pen: Pen;
  /** From this column on, the row is to be empty. */
  readonly #emptyFrom: number;
  /** For each column, the first change from there on. */
  readonly #changes: readonly number[];

  constructor(shown: Grid, next: Grid, row: number, pen: Pen) {
    this.#shown = shown;
    this.#next = next;
    this.#row = row;
    this.#pen = pen;
    this.#emptyFrom = this.#findEmptyEnd();
    this.#changes = this.#findChanges();
  }

  write(): void {
    let column = this.#changeFrom(0);
    while (column < this.#next.columns) {
      if (column >= this.#emptyFrom && this.#isEndErased(column)) return;
      column = this.#changeFrom(this.#eraseAt(column) || this.#writeAt(column));
    }
  }

  /** The first column from `column` on that looks different, or the number of columns. */
  #changeFrom(column: number): number {
    return this.#changes[column] ?? this.#next.columns;
  }

  #findChanges(): number[] {
    const changes = new Array<number>(this.#next.columns);
    let found = this.#next.columns;
    for (let column = found - 1; column >= 0; column -= 1)
      changes[column] = found = this.#isChanged(column) ? column : found;
    return changes;
  }

  #isChanged(column: number): boolean {
    const next = this.#next.at(column, this.#row);
    if (next.width === 0) return false;
    return this.#differs(column) || (column > 0 && this.#differs(column - 1) && this.#mayReach(column - 1));
  }

  #differs(column: number): boolean {
    return !looksAlike(this.#shown.at(column, this.#row), this.#next.at(column, this.#row));
  }

  /** What stands there or stood there takes one cell, unless the terminal thinks otherwise. */
  #mayReach(column: number): boolean {
    const cells = [this.#shown.at(column, this.#row), this.#next.at(column, this.#row)];
    return cells.some(cell => cell.width === 1 && isDoubtful(cell));
  }

  #findEmptyEnd(): number {
    let column = this.#next.columns;
    while (column > 0 && isEmpty(this.#next.at(column - 1, this.#row))) column -= 1;
    return column;
  }

  #isEndErased(column: number): boolean {
    let last = column;
    for (let at = column; at < this.#next.columns; at = this.#changeFrom(at + 1)) last = at;
    const place = { column, row: this.#row };
    const erasing = this.#pen.costOfErasing(place, 1) - 1; // EL is shorter by the number
    if (this.#pen.costOf(place, this.#cells(column, last + 1)) < erasing) return false;
    this.#pen.moveTo(place);
    this.#pen.eraseToLineEnd();
    return true;
  }

  /** Erase the empty cells from `column` on, if that is cheaper; gives the column behind them, or 0. */
  #eraseAt(column: number): number {
    if (!isEmpty(this.#next.at(column, this.#row))) return 0;
    let end = column;
    while (end < this.#next.columns && isEmpty(this.#next.at(end, this.#row))) end += 1;
    let last = column;
    for (let at = column; at < end; at = this.#changeFrom(at + 1)) last = at;
    const [row, count] = [this.#row, last + 1 - column];
    if (count < 8) return 0;
    const back =
      end < this.#next.columns ? moveCursor({ column, row }, { column: this.#changeFrom(end), row }).length : 0;
    if (
      this.#pen.costOfErasing({ column, row }, count) + back >=
      this.#pen.costOf({ column, row }, this.#cells(column, last + 1))
    )
      return 0;
    this.#pen.moveTo({ column, row });
    this.#pen.erase(count);
    return last + 1;
  }

  #writeAt(column: number): number {
    this.#approach(column);
    const cell = this.#next.at(column, this.#row);
    this.#pen.write(cell);
    return column + cell.width;
  }

  /** Get to `column`: by writing again what stands between, where that is shorter than jumping. */
  #approach(column: number): void {
    const row = this.#row;
    const from = this.#pen.cursor;
    const start = from?.row === row ? from.column : from?.row === row - 1 ? 0 : undefined;
    if (start !== undefined && start < column && column - start <= LONGEST_GAP) {
      const between = this.#cells(start, column);
      const here = this.#cells(column, column + 1);
      const isSafe = between[0]?.width !== 0 && !between.some(isDoubtful);
      if (
        isSafe &&
        this.#pen.costOf({ column: start, row }, [...between, ...here]) <= this.#pen.costOf({ column, row }, here)
      ) {
        this.#pen.moveTo({ column: start, row });
        for (const cell of between) if (cell.width > 0) this.#pen.write(cell);
      }
    }
    this.#pen.moveTo({ column, row });
  }

  #cells(from: number, to: number): Cell[] {
    return Array.from({ length: to - from }, (_, index) => this.#next.at(from + index, this.#row));
  }
}
