/**
 * A grid of cells: what a screen is to show. A wide character takes two cells, and never is there half of one.
 *
 * It refuses to clip and to look at text; a canvas does both.
 */
import type { Style } from '../output/style.ts';
import type { Size } from './rectangle.ts';

/** Rows `top` to `bottom`, both included, move up by `by`; down if that is negative. Empty rows come after them. */
export interface Scroll {
  readonly top: number;
  readonly bottom: number;
  readonly by: number;
}

export interface Cell {
  /** A grapheme; '' in the second cell of a wide one. */
  readonly text: string;
  /** Cells that the grapheme takes; 0 in the second one of a wide character. */
  readonly width: 0 | 1 | 2;
  readonly style: Style;
}

export const plain: Style = Object.freeze({});
const blank: Cell = Object.freeze({ text: ' ', width: 1, style: plain });

export class Grid implements Size {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Cell[];

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
    this.#cells[place] = { text, width, style };
    if (width === 2) this.#cells[place + 1] = { text: '', width: 0, style };
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
    this.#cells[cell.width === 2 ? place + 1 : place - 1] = { text: ' ', width: 1, style: cell.style };
  }

  #isInside(column: number, row: number): boolean {
    return column >= 0 && column < this.columns && row >= 0 && row < this.rows;
  }
}
