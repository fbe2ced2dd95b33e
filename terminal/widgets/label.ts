/** Text that is only shown. It is wrapped between words where it is wider than there is room. */
import type { Canvas } from '../drawing/canvas.ts';
import { fitText, wrapText } from '../drawing/lines.ts';
import type { Size } from '../drawing/rectangle.ts';
import type { Style } from '../output/style.ts';
import { textWidth } from '../width.ts';
import type { Theme } from './theme.ts';
import { Widget, type WidgetView } from './widget.ts';

export interface LabelOptions {
  /** A style, or the name of one in the theme. @default 'text' */
  readonly style?: Style | keyof Theme;
  /** @default 'left' */
  readonly align?: 'left' | 'right' | 'centre';
}

export class Label extends Widget {
  readonly #text: string | (() => string);
  readonly #style: Style | keyof Theme;
  readonly #align: 'left' | 'right' | 'centre';

  /** A function is asked each time that it is drawn. */
  constructor(text: string | (() => string), { style = 'text', align = 'left' }: LabelOptions = {}) {
    super();
    this.#text = text;
    this.#style = style;
    this.#align = align;
  }

  override wanted({ columns }: Size): Size {
    const lines = this.#lines(columns);
    return { columns: Math.max(...lines.map(textWidth)), rows: lines.length };
  }

  override draw(canvas: Canvas, { theme }: WidgetView): void {
    const style = typeof this.#style === 'string' ? theme[this.#style] : this.#style;
    for (const [row, line] of this.#lines(canvas.columns).entries())
      canvas.write(0, row, this.#align === 'left' ? line : fitText(line, canvas.columns, this.#align), style);
  }

  #lines(columns: number): string[] {
    return wrapText(typeof this.#text === 'string' ? this.#text : this.#text(), columns);
  }
}
