/**
 * A grid of cells: what a screen is to show. A wide character takes two cells, and never is there half of one.
 *
 * It refuses to clip and to look at text; a canvas does both.
 */
import type { Style } from '../output/style.ts';
import { cellsIn, type Cell, type CellMaker } from './cells.ts';
import type { Size } from './rectangle.ts';

/** Rows `top` to `bottom`, both included, move up by `by`; down if that is negative. Empty rows come after them. */
export interface Scroll {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
}

export const plain: Style = Object.freeze({});
const blank: Cell = cellsIn(plain)(' ', 1);

export class Grid implements Size {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Cell[];
  /** The style that was put last, and its cells: most are put many at a time. */
  #style: Style = plain;
  #cellOf: CellMaker = cellsIn(plain);

  /** All blank. */
  constructor({ columns, rows }: Size) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = new Array<Cell>(columns * rows).fill(blank);
  }

  /** Blank outside of the grid. */
  at(column: number, row: number): Cell {
    return (this.#isInside(column, row) ? this.#cells[row * this.columns + column] : undefined) ?? blank;
  }

  /** Put one grapheme. What it covers half of becomes blank; one that would stand half outside is not put. */
  put(column: number, row: number, text: string, width: 1 | 2, style: Style): void {
    if (!this.#isInside(column, row) || !this.#isInside(column + width - 1, row)) return;
    const place = row * this.columns + column;
    this.#free(place);
    if (width === 2) this.#free(place + 1);
    const cellOf = this.#cellsIn(style);
    this.#cells[place] = cellOf(text, width);
    if (width === 2) this.#cells[place + 1] = cellOf('', 0);
  }

  /** Whether a row is made of the same cells as one of `other`: then it looks the same. */
  isSame(row: number, other: Grid, otherRow = row): boolean {
    const [start, otherStart] = [row * this.columns, otherRow * this.columns];
    for (let column = 0; column < this.columns; column += 1)
      if (this.#cells[start + column] !== other.#cells[otherStart + column]) return false;
    return true;
  }

  /** How many cells show a letter: an empty screen takes at least so many bytes. */
  countLetters(): number {
    return this.#cells.reduce((count, { text }) => (text === ' ' || text === '' ? count : count + 1), 0);
  }

  /** Another grid, with rows moved as a terminal moves them. */
  scrolled({ top, bottom, by }: Scroll): Grid {
    const moved = new Grid(this);
    const line = this.columns;
    for (let row = 0; row < this.rows; row += 1) {
      const from = row < top || row > bottom ? row : row + by;
      if (row >= top && row <= bottom && (from < top || from > bottom)) continue;
      moved.#cells.splice(row * line, line, ...this.#cells.slice(from * line, (from + 1) * line));
    }
    return moved;
  }

  /** What stands at `place` is about to go: its other half, if it has one, becomes blank in its own style. */
  #free(place: number): void {
    const cell = this.#cells[place];
    if (!cell || cell.width === 1) return;
    this.#cells[cell.width === 2 ? place + 1 : place - 1] = this.#cellsIn(cell.style)(' ', 1);
  }

  #cellsIn(style: Style): CellMaker {
    if (style !== this.#style) [this.#style, this.#cellOf] = [style, cellsIn(style)];
    return this.#cellOf;
  }

  #isInside(column: number, row: number): boolean {
    return column >= 0 && column < this.columns && row >= 0 && row < this.rows;
  }
}
