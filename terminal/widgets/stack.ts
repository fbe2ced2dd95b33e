/** Widgets below or beside each other. Each gets the whole of the other direction. */
import type { Canvas } from '../drawing/canvas.ts';
import { rectangle, type Size } from '../drawing/rectangle.ts';
import { shareOut, type Share } from './layout.ts';
import { Widget, type WidgetView } from './widget.ts';

/** A widget that gets what it wants, or one with a size in cells, or a share of what is left. */
export type Part =
  Widget | { readonly widget: Widget; readonly size: number } | { readonly widget: Widget; readonly flex: number };

export interface StackOptions {
  /** Empty cells between two parts. @default 0 */
  readonly gap?: number;
}

const widgetOf = (part: Part): Widget => (part instanceof Widget ? part : part.widget);

abstract class Stack extends Widget {
  /** May be replaced; what is drawn next is the new ones. */
  parts: readonly Part[];
  readonly #gap: number;

  constructor(parts: readonly Part[], { gap = 0 }: StackOptions = {}) {
    super();
    this.parts = parts;
    this.#gap = gap;
  }

  protected abstract readonly along: 'columns' | 'rows';

  override wanted(room: Size): Size {
    const sizes = this.parts.map(part => ({ ...widgetOf(part).wanted(room), ...this.#fixed(part) }));
    const gaps = this.#gap * Math.max(0, sizes.length - 1);
    const sum = (name: 'columns' | 'rows'): number => sizes.reduce((total, size) => total + size[name], gaps);
    const largest = (name: 'columns' | 'rows'): number => Math.max(0, ...sizes.map(size => size[name]));
    return this.along === 'rows'
      ? { columns: largest('columns'), rows: sum('rows') }
      : { columns: sum('columns'), rows: largest('rows') };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const total = canvas[this.along] - this.#gap * Math.max(0, this.parts.length - 1);
    const lengths = shareOut(
      total,
      this.parts.map(part => this.#share(part, canvas)),
    );
    let at = 0;
    for (const [index, part] of this.parts.entries()) {
      const length = lengths[index] ?? 0;
      const area =
        this.along === 'rows' ? rectangle(0, at, canvas.columns, length) : rectangle(at, 0, length, canvas.rows);
      view.draw(widgetOf(part), canvas.within(area));
      at += length + this.#gap;
    }
  }

  #share(part: Part, room: Size): Share {
    return part instanceof Widget ? { size: part.wanted(room)[this.along] } : part;
  }

  #fixed(part: Part): Partial<Size> {
    return part instanceof Widget || !('size' in part) ? {} : { [this.along]: part.size };
  }
}

/** Widgets below each other. */
export class Rows extends Stack {
  protected readonly along = 'rows';
}

/** Widgets beside each other. */
export class Columns extends Stack {
  protected readonly along = 'columns';
}
