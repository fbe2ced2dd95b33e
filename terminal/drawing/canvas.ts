/**
 * Where something may draw: a rectangle of a grid, with its own column 0 and row 0, and nothing outside of it.
 *
 * Text is made harmless: control and bidirectional characters go out, a grapheme of endless marks becomes U+FFFD. A wide
 * character that the edge cuts in two is shown as a blank.
 */
import type { Style } from '../output/style.ts';
import { text as harmless } from '../output/text.ts';
import { graphemesOf, graphemeWidth } from '../width.ts';
import { plain, type Grid } from './grid.ts';
import { contains, intersection, rectangle, type Rectangle, type Size } from './rectangle.ts';

/** In UTF-16 units: long enough for every emoji, short enough that nobody fills a screen's worth of memory with marks. */
const LONGEST_GRAPHEME = 48;

export class Canvas implements Size {
  /** Where it is on the screen. May reach outside of it, and of what it is a part of. */
  readonly area: Rectangle;
  /** The part of `area` that can be seen. */
  readonly visible: Rectangle;
  readonly #grid: Grid;
  readonly #base: Style;

  /** All of `grid`; `within` makes smaller ones. */
  constructor(grid: Grid, area: Rectangle = rectangle(0, 0, grid.columns, grid.rows), visible = area, base = plain) {
    this.#grid = grid;
    this.area = area;
    this.visible = visible;
    this.#base = base;
  }

  get columns(): number {
    return this.area.columns;
  }

  get rows(): number {
    return this.area.rows;
  }

  /** A part of this one. `style` is what everything in it starts from. */
  within({ column, row, columns, rows }: Rectangle, style: Style = plain): Canvas {
    const area = rectangle(this.area.column + column, this.area.row + row, columns, rows);
    return new Canvas(this.#grid, area, intersection(this.visible, area), mixed(this.#base, style));
  }

  /** Write one line, from `column` on in `row`; gives the columns that it took, also where they cannot be seen. */
  write(column: number, row: number, content: string, style: Style = plain): number {
    const look = mixed(this.#base, style);
    let end = column;
    for (const grapheme of graphemesOf(harmless(content, { keep: '', removeBidi: true }))) {
      const width = graphemeWidth(grapheme);
      if (width > 0) this.#put(end, row, grapheme, width === 2 ? 2 : 1, look);
      end += width;
    }
    return end - column;
  }

  /** Fill `area`, or all of it, with a character of width 1. */
  fill(style: Style = plain, character = ' ', area: Rectangle = rectangle(0, 0, this.columns, this.rows)): void {
    const { column, row, columns, rows } = this.within(area).visible;
    const look = mixed(this.#base, style);
    for (let y = row; y < row + rows; y += 1) {
      for (let x = column; x < column + columns; x += 1) this.#grid.put(x, y, character, 1, look);
    }
  }

  #put(column: number, row: number, grapheme: string, width: 1 | 2, style: Style): void {
    const [x, y] = [this.area.column + column, this.area.row + row];
    const starts = contains(this.visible, x, y);
    const ends = width === 1 ? starts : contains(this.visible, x + 1, y);
    const shown = grapheme.length > LONGEST_GRAPHEME ? '\ufffd'.padEnd(width) : grapheme;
    if (shown !== grapheme && width === 2) return this.#split(x, y, shown, style);
    if (starts && ends) this.#grid.put(x, y, shown, width, style);
    else if (starts) this.#grid.put(x, y, ' ', 1, style);
    else if (ends) this.#grid.put(x + 1, y, ' ', 1, style);
  }

  /** Two narrow characters where one wide one would be. */
  #split(x: number, y: number, [first = ' ', second = ' ']: string, style: Style): void {
    if (contains(this.visible, x, y)) this.#grid.put(x, y, first, 1, style);
    if (contains(this.visible, x + 1, y)) this.#grid.put(x + 1, y, second, 1, style);
  }
}

const mixed = (base: Style, style: Style): Style =>
  style === plain ? base : base === plain ? style : { ...base, ...style };
