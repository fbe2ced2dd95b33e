/** A border with a title around a widget. It is drawn in another style while something inside is focused. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import { inset, rectangle, type Size } from '../drawing/rectangle.ts';
import { Widget, type WidgetView } from './widget.ts';

export interface BoxOptions {
  /** @default '' */
  readonly title?: string;
  /** Empty columns between the border and what is inside. @default 1 */
  readonly padding?: number;
}

export class Box extends Widget {
  readonly #inner: Widget;
  readonly #title: string;
  readonly #padding: number;

  constructor(inner: Widget, { title = '', padding = 1 }: BoxOptions = {}) {
    super();
    this.#inner = inner;
    this.#title = title;
    this.#padding = padding;
  }

  override wanted(room: Size): Size {
    const [columns, rows] = [2 + 2 * this.#padding, 2];
    const inner = this.#inner.wanted({ columns: room.columns - columns, rows: room.rows - rows });
    return { columns: inner.columns + columns, rows: inner.rows + rows };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const all = rectangle(0, 0, canvas.columns, canvas.rows);
    view.draw(this.#inner, canvas.within(inset(all, 1 + this.#padding, 1)));
    drawBorder(canvas, view.focusIn(canvas) ? view.theme.focusedBorder : view.theme.border, this.#title);
  }
}

/** Light lines with round corners along the edge of `canvas`, and a title in the upper one. U+2500 and following. */
export function drawBorder(canvas: Canvas, style: Parameters<Canvas['fill']>[0], title: string): void {
  const [right, bottom] = [canvas.columns - 1, canvas.rows - 1];
  if (right < 1 || bottom < 1) return;
  const line = '─'.repeat(right - 1);
  canvas.write(0, 0, `╭${line}╮`, style);
  canvas.write(0, bottom, `╰${line}╯`, style);
  canvas.fill(style, '│', rectangle(0, 1, 1, bottom - 1));
  canvas.fill(style, '│', rectangle(right, 1, 1, bottom - 1));
  if (title !== '' && right > 5) canvas.write(2, 0, ` ${cutText(title, right - 5)} `, style);
}
