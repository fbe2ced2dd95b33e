/** Pages of which one is shown, under a row of their titles. Left and right on the titles, or a click, change it. */
import type { Canvas } from '../drawing/canvas.ts';
import { rectangle, type Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke, type MouseEvent } from '../keystroke.ts';
import { textWidth } from '../width.ts';
import { isClick } from './pressable.ts';
import { Widget, type WidgetView } from './widget.ts';

export interface Page {
  readonly title: string;
  readonly content: Widget;
}

/** The row of titles, and an empty one. */
const HEAD = 2;

export class Tabs extends Widget {
  readonly #pages: readonly Page[];
  readonly #titles: Titles;

  constructor(pages: readonly Page[]) {
    super();
    this.#pages = pages;
    this.#titles = new Titles(pages.map(({ title }) => title));
  }

  /** The page that is shown, from 0. */
  get page(): number {
    return this.#titles.page;
  }

  set page(page: number) {
    this.#titles.page = Math.min(Math.max(page, 0), this.#pages.length - 1);
  }

  override wanted(room: Size): Size {
    const sizes = this.#pages.map(({ content }) => content.wanted(room));
    const columns = Math.max(this.#titles.wanted().columns, ...sizes.map(size => size.columns));
    return { columns, rows: HEAD + Math.max(0, ...sizes.map(({ rows }) => rows)) };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    view.draw(this.#titles, canvas.within(rectangle(0, 0, canvas.columns, 1)));
    const content = this.#pages[this.page]?.content;
    if (content) view.draw(content, canvas.within(rectangle(0, HEAD, canvas.columns, canvas.rows - HEAD)));
  }
}

class Titles extends Widget {
  page = 0;
  readonly #titles: readonly string[];

  constructor(titles: readonly string[]) {
    super();
    this.#titles = titles.map(title => ` ${title} `);
  }

  override get canFocus(): boolean {
    return true;
  }

  override wanted(): Size {
    return { columns: textWidth(this.#titles.join(' ')), rows: 1 };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const chosen = view.isFocused(this) ? view.theme.focusedSelected : view.theme.selected;
    let column = 0;
    for (const [page, title] of this.#titles.entries())
      column += canvas.write(column, 0, title, page === this.page ? chosen : view.theme.faint) + 1;
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    const by = { left: -1, right: 1 }[keystrokeName(stroke)];
    if (by === undefined || this.#titles.length === 0) return false;
    this.page = (this.page + by + this.#titles.length) % this.#titles.length;
    return true;
  }

  override mouseReceived(event: MouseEvent): boolean {
    if (!isClick(event)) return false;
    const ends = this.#titles.map((_, page) => textWidth(this.#titles.slice(0, page + 1).join(' ')));
    const page = ends.findIndex(end => event.column < end);
    if (page < 0) return false;
    this.page = page;
    return true;
  }
}
