/**
 * The fewest bytes that turn one screen into another, by trying everything: a shortest path, cell by cell in reading order.
 *
 * What may be done at each cell: write it; jump to the next change or a few cells before it; erase empty cells (ECH, EL);
 * and all of it on an erased screen instead. Each in any style that fits. As the renderer, it does without erasing to a
 * background and repeating characters, and does not scroll.
 */
import { eraseCharacter, eraseToLineEnd } from '../terminal/output/erase.ts';
import { changeStyle } from '../terminal/output/style-change.ts';
import type { Style } from '../terminal/output/style.ts';
import { erasesClean, fits, isEmpty, looksAlike } from '../terminal/drawing/appearance.ts';
import { moveCursor } from '../terminal/drawing/cursor-move.ts';
import { Grid, plain } from '../terminal/drawing/grid.ts';

const CLEAR = 4;
/** Further back than this, a jump in front of a change is never the best. */
const BEFORE = 6;

export function optimum(shown: Grid, next: Grid): number {
  return Math.min(new Search(shown, next).bytes(), CLEAR + new Search(new Grid(next), next).bytes());
}

class Search {
  readonly #next: Grid;
  readonly #styles: Style[];
  readonly #changes: number[][];
  /** The first change at or behind each place; a row has one more place, behind its last column. */
  readonly #nextChange: number[] = [];
  readonly #stride: number;
  /** The place behind the last one. */
  readonly #end: number;
  /** The least bytes to be at each place in each style, with every change before it made. */
  readonly #costs: Float64Array[];
  #best = Infinity;

  constructor(shown: Grid, next: Grid) {
    this.#next = next;
    this.#stride = next.columns + 1;
    this.#styles = stylesOf(next);
    this.#changes = this.#styles.map(from => this.#styles.map(to => changeStyle(from, to).length));
    const places = next.rows * this.#stride;
    this.#end = places;
    this.#costs = this.#styles.map(() => new Float64Array(places + 1).fill(Infinity));
    let change = places;
    for (let place = places - 1; place >= 0; place -= 1) {
      const { column, row } = this.#at(place);
      if (
        column < next.columns &&
        next.at(column, row).width > 0 &&
        !looksAlike(shown.at(column, row), next.at(column, row))
      )
        change = place;
      this.#nextChange[place] = change;
    }
  }

  bytes(): number {
    const first = this.#nextChange[0] ?? Infinity;
    if (first >= this.#end) return 0;
    this.#jump(undefined, first, 0, 0);
    for (let place = 0; place < this.#end; place += 1) {
      for (let style = 0; style < this.#styles.length; style += 1) {
        const cost = this.#costs[style]?.[place] ?? Infinity;
        if (cost < Infinity) this.#from(place, style, cost);
      }
    }
    return this.#best;
  }

  #from(place: number, style: number, cost: number): void {
    const change = this.#nextChange[place] ?? this.#end;
    if (change >= this.#end) return this.#finish(style, cost);
    if (change > place) this.#jump(place, change, style, cost);
    const { column, row } = this.#at(place);
    if (column === this.#next.columns) return;
    const cell = this.#next.at(column, row);
    if (cell.width === 0) return;
    for (const [index, candidate] of this.#styles.entries()) {
      if (!fits(candidate, cell)) continue;
      this.#reach(
        place + cell.width,
        index,
        cost + (this.#changes[style]?.[index] ?? 0) + Buffer.byteLength(cell.text),
      );
    }
    if (isEmpty(cell)) this.#erase(place, style, cost);
  }

  #erase(place: number, style: number, cost: number): void {
    const { column, row } = this.#at(place);
    let end = column;
    while (end < this.#next.columns && isEmpty(this.#next.at(end, row))) end += 1;
    for (const [index, candidate] of this.#styles.entries()) {
      if (!erasesClean(candidate)) continue;
      const at = cost + (this.#changes[style]?.[index] ?? 0);
      const whole = end === this.#next.columns;
      const erased = at + (whole ? eraseToLineEnd() : eraseCharacter(end - column)).length;
      const behind = this.#nextChange[place + end - column] ?? Infinity;
      if (behind >= this.#end) this.#finish(index, erased);
      else this.#jump(place, behind, index, erased);
    }
  }

  #finish(style: number, cost: number): void {
    this.#best = Math.min(this.#best, cost + changeStyle(this.#styles[style] ?? plain, plain).length);
  }

  #jump(from: number | undefined, change: number, style: number, cost: number): void {
    const to = this.#at(change);
    const at = from === undefined ? undefined : this.#at(from);
    const cursor = at && { row: at.row, column: at.column === this.#next.columns ? undefined : at.column };
    const columns = new Set([0, ...Array.from({ length: BEFORE }, (_, back) => to.column - back)]);
    for (const column of columns) {
      const place = to.row * this.#stride + column;
      if (column < 0 || (from !== undefined && place <= from) || this.#next.at(column, to.row).width === 0) continue;
      this.#reach(place, style, cost + moveCursor(cursor, { column, row: to.row }).length);
    }
  }

  #reach(place: number, style: number, cost: number): void {
    const costs = this.#costs[style];
    if (costs && cost < (costs[place] ?? Infinity)) costs[place] = cost;
  }

  #at(place: number): { column: number; row: number } {
    return { column: place % this.#stride, row: Math.floor(place / this.#stride) };
  }
}

function stylesOf(grid: Grid): Style[] {
  const styles = new Map<string, Style>([['{}', plain]]);
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      const { style } = grid.at(column, row);
      styles.set(JSON.stringify(style), style);
    }
  }
  return [...styles.values()];
}
