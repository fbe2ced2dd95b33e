/** A box in the middle of the screen, to be opened over everything else. Escape closes it. */
import type { Canvas } from '../drawing/canvas.ts';
import { centred, rectangle, type Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke } from '../keystroke.ts';
import { Box } from './box.ts';
import { Button } from './button.ts';
import { Columns, Rows } from './stack.ts';
import { Widget, type WidgetView } from './widget.ts';

export interface DialogOptions {
  /** @default '' */
  readonly title?: string;
  /** Labels, and what each does. The first one is focused if nothing in the content can be. */
  readonly buttons: Readonly<Record<string, () => void>>;
  /** Escape was pressed. @default nothing: Escape is passed on */
  readonly onEscape?: () => void;
}

export class Dialog extends Widget {
  readonly #box: Box;
  readonly #onEscape: (() => void) | undefined;

  constructor(content: Widget, { title = '', buttons, onEscape }: DialogOptions) {
    super();
    const row = new Columns(
      Object.entries(buttons).map(([label, press]) => new Button(label, press)),
      { gap: 2 },
    );
    this.#box = new Box(new Rows([content, row], { gap: 1 }), { title, padding: 2 });
    this.#onEscape = onEscape;
  }

  override wanted(room: Size): Size {
    return this.#box.wanted(room);
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const most = { columns: Math.min(canvas.columns, 72), rows: canvas.rows };
    const { column, row, columns, rows } = centred(this.wanted(most), canvas);
    const place = canvas.within(rectangle(column, row, columns, rows), view.theme.dialog);
    place.fill();
    view.draw(this.#box, place);
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    if (!this.#onEscape || keystrokeName(stroke) !== 'escape') return false;
    this.#onEscape();
    return true;
  }
}
