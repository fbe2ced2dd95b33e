/**
 * One drawing of a tree of widgets: the cells, and which widget is where.
 *
 * It is made anew each time. Places of earlier drawings are forgotten with it.
 */
import { Canvas } from '../drawing/canvas.ts';
import type { Place } from '../drawing/cursor-move.ts';
import { Grid } from '../drawing/grid.ts';
import { contains, rectangle, type Rectangle, type Size } from '../drawing/rectangle.ts';
import type { Theme } from './theme.ts';
import type { Widget, WidgetView } from './widget.ts';

/** A widget, where it was drawn, and in which other one. */
export interface Placement {
  readonly widget: Widget;
  readonly canvas: Canvas;
  readonly parent: Placement | undefined;
}

export interface PictureSetting {
  readonly theme: Theme;
  readonly now: number;
  readonly focused: Widget | undefined;
}

export class Picture implements WidgetView {
  readonly grid: Grid;
  readonly theme: Theme;
  readonly now: number;
  cursor: Place | undefined;
  /** Milliseconds until something wants to be drawn again. */
  again = Infinity;
  #placements: Placement[] = [];
  #current: Placement | undefined;
  readonly #focused: Widget | undefined;

  constructor(size: Size, { theme, now, focused }: PictureSetting) {
    this.grid = new Grid(size);
    this.theme = theme;
    this.now = now;
    this.#focused = focused;
  }

  /** Draw `layers` over each other. Only the last one is there for keys and clicks. */
  drawLayers(layers: readonly Widget[]): void {
    for (const layer of layers) {
      this.#placements = [];
      this.cursor = undefined;
      this.draw(
        layer,
        new Canvas(this.grid).within(rectangle(0, 0, this.grid.columns, this.grid.rows), this.theme.text),
      );
    }
  }

  draw(child: Widget, canvas: Canvas): void {
    const outer = this.#current;
    this.#current = { widget: child, canvas, parent: outer };
    this.#placements.push(this.#current);
    child.draw(canvas, this);
    this.#current = outer;
  }

  isFocused(widget: Widget): boolean {
    return widget === this.#focused;
  }

  showCursor({ area, visible }: Canvas, column: number, row: number): void {
    const place = { column: area.column + column, row: area.row + row };
    if (contains(visible, place.column, place.row)) this.cursor = place;
  }

  drawAgainIn(milliseconds: number): void {
    this.again = Math.min(this.again, milliseconds);
  }

  focusIn({ area }: Canvas): Rectangle | undefined {
    const found = this.placementOf(this.#focused)?.canvas.area;
    return found && rectangle(found.column - area.column, found.row - area.row, found.columns, found.rows);
  }

  placementOf(widget: Widget | undefined): Placement | undefined {
    return this.#placements.findLast(placement => placement.widget === widget);
  }

  /** What a click at this place of the screen is on. */
  placementAt(column: number, row: number): Placement | undefined {
    return this.#placements.findLast(({ canvas }) => contains(canvas.visible, column, row));
  }

  /** Those that take keys, in the order in which tab goes through them: that of drawing. */
  get stops(): readonly Widget[] {
    return [...new Set(this.#placements.map(({ widget }) => widget).filter(widget => widget.canFocus))];
  }
}

/** A placement and those around it, innermost first. */
export function* outwards(placement: Placement | undefined): Generator<Placement> {
  for (let each = placement; each; each = each.parent) yield each;
}
