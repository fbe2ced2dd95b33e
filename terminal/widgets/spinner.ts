/** Something goes on: a mark that turns, and what it is. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import type { Size } from '../drawing/rectangle.ts';
import { textWidth } from '../width.ts';
import { Widget, type WidgetView } from './widget.ts';

const marks = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
/** Milliseconds that a mark is shown. */
const TURN = 100;

export class Spinner extends Widget {
  /** When false, it stands still and is not seen. */
  spinning = true;
  readonly #label: string;

  constructor(label = '') {
    super();
    this.#label = label;
  }

  override wanted(): Size {
    return { columns: textWidth(this.#label) + 2, rows: 1 };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    if (!this.spinning) return;
    view.drawAgainIn(TURN - (view.now % TURN));
    canvas.write(0, 0, marks[Math.floor(view.now / TURN) % marks.length] ?? '', view.theme.bar);
    canvas.write(2, 0, cutText(this.#label, canvas.columns - 2));
  }
}
