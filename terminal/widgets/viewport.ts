/** A part of something taller than its place. It scrolls with keys and the wheel, and to what is focused inside. */
import type { Canvas } from '../drawing/canvas.ts';
import { rectangle, type Rectangle, type Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke, type MouseEvent } from '../keystroke.ts';
import { drawScrollbar } from './scrollbar.ts';
import { Widget, type WidgetView } from './widget.ts';

export interface ViewportOptions {
  /** Stay at the end while the content grows, until somebody scrolls up. @default false */
  readonly follow?: boolean;
}

const WHEEL = 3;
const wheels: Readonly<Record<string, number>> = { 'wheel-up': -WHEEL, 'wheel-down': WHEEL };

export class Viewport extends Widget {
  readonly #content: Widget;
  #first = 0;
  /** Rows of the content and of the place, when it was drawn last. */
  #rows = { content: 0, shown: 1 };
  #follows: boolean;
  readonly #canFollow: boolean;
  #focusRow: number | undefined;

  constructor(content: Widget, { follow = false }: ViewportOptions = {}) {
    super();
    this.#content = content;
    this.#canFollow = this.#follows = follow;
  }

  override get canFocus(): boolean {
    return true;
  }

  override wanted(room: Size): Size {
    const { columns, rows } = this.#content.wanted(room);
    return { columns: columns + 1, rows };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const columns = Math.max(0, canvas.columns - 1);
    const content = this.#content.wanted({ columns, rows: canvas.rows }).rows;
    this.#rows = { content, shown: canvas.rows };
    this.#scrollTo(this.#follows ? content : this.#first);
    const inner = (): Canvas => canvas.within(rectangle(0, -this.#first, columns, Math.max(content, canvas.rows)));
    view.draw(this.#content, inner());
    if (this.#scrollToFocus(view.focusIn(inner()))) this.#redraw(canvas, view, inner());
    const style = view.isFocused(this) ? view.theme.focusedBorder : view.theme.border;
    drawScrollbar(canvas, style, { first: this.#first, shown: canvas.rows, count: content });
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    const page = Math.max(1, this.#rows.shown - 1);
    const by = { up: -1, down: 1, pageUp: -page, pageDown: page, home: -Infinity, end: Infinity }[
      keystrokeName(stroke)
    ];
    return by !== undefined && this.#scrollBy(by);
  }

  override mouseReceived({ event }: MouseEvent): boolean {
    const by = wheels[event];
    return by !== undefined && this.#scrollBy(by);
  }

  #redraw(canvas: Canvas, view: WidgetView, inner: Canvas): void {
    canvas.fill();
    view.draw(this.#content, inner);
  }

  /** Once for each row that gets the focus: afterwards a person may scroll away from it. */
  #scrollToFocus(focus: Rectangle | undefined): boolean {
    const [row, before] = [focus?.row, this.#focusRow];
    this.#focusRow = row;
    if (!focus || row === undefined || row === before) return false;
    const first = Math.min(Math.max(this.#first, row + focus.rows - this.#rows.shown), row);
    const isElsewhere = first !== this.#first;
    this.#scrollTo(first);
    return isElsewhere;
  }

  #scrollBy(by: number): true {
    this.#scrollTo(this.#first + by);
    this.#follows = this.#canFollow && this.#first >= this.#rows.content - this.#rows.shown;
    return true;
  }

  #scrollTo(row: number): void {
    this.#first = Math.max(0, Math.min(row, this.#rows.content - this.#rows.shown));
  }
}
