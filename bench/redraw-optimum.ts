/**
 * The fewest bytes that turn one screen into another, by trying everything: a shortest path, cell by cell in reading order.
 *
 * What may be done at each cell: write it; jump to the next change or a few cells before it; erase empty cells (ECH, EL).
 * Each in any style that fits. All of it on the screen as it is, on an erased one, or on one with rows moved once, by any
 * distance of the `SCROLLS` that save most cells, either by deleting and inserting lines or in a scroll region. As the
 * renderer, it does without erasing to a background and repeating characters.
 */
import { resetScrollRegion, scrollDown, scrollRegion, scrollUp } from '../terminal/output/edit.ts';
import { eraseCharacter, eraseToLineEnd } from '../terminal/output/erase.ts';
import { changeStyle } from '../terminal/output/style-change.ts';
import type { Style } from '../terminal/output/style.ts';
import { erasesClean, fits, isEmpty, looksAlike } from '../terminal/drawing/appearance.ts';
import { moveCursor, type CursorState } from '../terminal/drawing/cursor-move.ts';
import { Grid, plain, type Scroll } from '../terminal/drawing/grid.ts';
import { Pen } from '../terminal/drawing/pen.ts';
import { bestOf, differences } from '../terminal/drawing/scroll.ts';

const allAbilities = { colours: 16_777_216, underlineStyles: true } as const;
const CLEAR = 4;
/** Further back than this, a jump in front of a change is never the best. */
const BEFORE = 6;

/** Distances of moved rows that are tried. */
const SCROLLS = 3;

export function optimum(shown: Grid, next: Grid): number {
  const scrolled = scrollsOf(shown, next).map(scroll => scrolledOptimum(shown, next, scroll));
  return Math.min(new Search(shown, next).bytes(), CLEAR + new Search(new Grid(next), next).bytes(), ...scrolled);
}

function scrollsOf(shown: Grid, next: Grid): Scroll[] {
  const changes = Array.from({ length: next.rows }, (_, row) => differences(shown, row, next, row));
  const distances = Array.from({ length: next.rows - 1 }, (_, row) => [row + 1, -row - 1]).flat();
  const found = distances.map(by => bestOf(shown, next, by, changes)).filter(({ cells }) => cells > 0);
  return found
    .sort((one, other) => other.cells - one.cells)
    .slice(0, SCROLLS)
    .map(({ scroll }) => scroll);
}

function scrolledOptimum(shown: Grid, next: Grid, scroll: Scroll): number {
  const { top, bottom, by } = scroll;
  const moved = shown.scrolled(scroll);
  const pen = new Pen(undefined, next.columns, allAbilities);
  pen.scroll(scroll, next.rows);
  const region = scrollRegion(top, bottom) + (by > 0 ? scrollUp(by) : scrollDown(-by)) + resetScrollRegion();
  return Math.min(
    pen.written.length + new Search(moved, next, pen.cursor).bytes(),
    region.length + new Search(moved, next, { column: 0, row: 0 }).bytes(),
  );
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
  readonly #start: CursorState | undefined;
  #best = Infinity;

  /** `start` is where the cursor is, if that is known. */
  constructor(shown: Grid, next: Grid, start?: CursorState) {
    this.#next = next;
    this.#start = start;
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
    this.#jump(this.#start, 0, first, 0, 0);
    for (let place = 0; place < this.#end; place += 1) {
      const costs = this.#costs.map(each => each[place] ?? Infinity);
      if (costs.every(cost => cost === Infinity)) continue;
      const fitting = this.#fitting(place);
      for (const [style, cost] of costs.entries()) if (cost < Infinity) this.#from(place, style, cost, fitting);
    }
    return this.#best;
  }

  #from(place: number, style: number, cost: number, fitting: readonly number[]): void {
    const change = this.#nextChange[place] ?? this.#end;
    if (change >= this.#end) return this.#finish(style, cost);
    if (change > place) this.#jump(this.#cursorAt(place), place + 1, change, style, cost);
    const { column, row } = this.#at(place);
    if (column === this.#next.columns) return;
    const cell = this.#next.at(column, row);
    if (cell.width === 0) return;
    for (const index of fitting) {
      this.#reach(
        place + cell.width,
        index,
        cost + (this.#changes[style]?.[index] ?? 0) + Buffer.byteLength(cell.text),
      );
    }
    if (isEmpty(cell)) this.#erase(place, style, cost);
  }

  /** The styles in which what is to be at `place` can be written. */
  #fitting(place: number): number[] {
    const { column, row } = this.#at(place);
    if (column === this.#next.columns) return [];
    const cell = this.#next.at(column, row);
    return [...this.#styles.keys()].filter(index => fits(this.#styles[index] ?? plain, cell));
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
      else this.#jump(this.#cursorAt(place), place + 1, behind, index, erased);
    }
  }

  #finish(style: number, cost: number): void {
    this.#best = Math.min(this.#best, cost + changeStyle(this.#styles[style] ?? plain, plain).length);
  }

  /** To `change`, or to a place before it, but not before `first`. */
  #jump(cursor: CursorState | undefined, first: number, change: number, style: number, cost: number): void {
    const to = this.#at(change);
    const columns = new Set([0, ...Array.from({ length: BEFORE }, (_, back) => to.column - back)]);
    for (const column of columns) {
      const place = to.row * this.#stride + column;
      if (column < 0 || place < first || this.#next.at(column, to.row).width === 0) continue;
      this.#reach(place, style, cost + moveCursor(cursor, { column, row: to.row }).length);
    }
  }

  #reach(place: number, style: number, cost: number): void {
    const costs = this.#costs[style];
    if (costs && cost < (costs[place] ?? Infinity)) costs[place] = cost;
  }

  /** Behind the last column, terminals disagree about the column. */
  #cursorAt(place: number): CursorState {
    const { row, column } = this.#at(place);
    return { row, column: column === this.#next.columns ? undefined : column };
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
