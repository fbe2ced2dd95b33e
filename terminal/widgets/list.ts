/** Rows of text of which one is selected. */
import type { Canvas } from '../drawing/canvas.ts';
import { fitText } from '../drawing/lines.ts';
import type { Size } from '../drawing/rectangle.ts';
import { textWidth } from '../width.ts';
import { drawScrollbar, needsScrollbar } from './scrollbar.ts';
import { Selectable, type SelectableOptions } from './selectable.ts';
import type { WidgetView } from './widget.ts';

export class List extends Selectable {
  #items: readonly string[];
  protected readonly headRows = 0;

  constructor(items: readonly string[], options: SelectableOptions = {}) {
    super(options);
    this.#items = items;
  }

  get items(): readonly string[] {
    return this.#items;
  }

  /** The selection stays at its place, as far as there is one. */
  set items(items: readonly string[]) {
    this.#items = items;
  }

  protected get count(): number {
    return this.#items.length;
  }

  override wanted(): Size {
    return { columns: Math.max(0, ...this.#items.map(textWidth)) + 2, rows: this.#items.length };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const { theme } = view;
    const chosen = view.isFocused(this) ? theme.focusedSelected : theme.selected;
    const seen = this.seen(canvas.rows);
    const bar = { first: seen[0] ?? 0, shown: canvas.rows, count: this.count };
    const room = canvas.columns - (needsScrollbar(bar) ? 1 : 0);
    for (const [row, index] of seen.entries())
      canvas.write(0, row, fitText(` ${this.#items[index]}`, room), index === this.selected ? chosen : {});
    drawScrollbar(canvas, theme.border, bar);
  }
}
