/** Rows in columns under a heading, of which one is selected. */
import type { Canvas } from '../drawing/canvas.ts';
import { fitText } from '../drawing/lines.ts';
import { rectangle, type Size } from '../drawing/rectangle.ts';
import type { Style } from '../output/style.ts';
import { textWidth } from '../width.ts';
import { shareOut } from './layout.ts';
import { drawScrollbar } from './scrollbar.ts';
import { Selectable, type SelectableOptions } from './selectable.ts';
import type { WidgetView } from './widget.ts';

export interface TableColumn {
  readonly title: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right' | 'centre';
  /** In cells. @default as wide as the widest of its texts */
  readonly size?: number;
  /** A share of what the others leave, instead of `size`. */
  readonly flex?: number;
}

const GAP = 2;

export class Table extends Selectable {
  /** One text for each column. */
  rows: ReadonlyArray<readonly string[]>;
  protected readonly headRows = 1;
  readonly #columns: readonly TableColumn[];

  constructor(
    columns: readonly TableColumn[],
    rows: ReadonlyArray<readonly string[]>,
    options: SelectableOptions = {},
  ) {
    super(options);
    this.#columns = columns;
    this.rows = rows;
  }

  protected get count(): number {
    return this.rows.length;
  }

  override wanted(): Size {
    const columns = this.#columns.reduce((sum, _column, index) => sum + this.#widest(index) + GAP, 0);
    return { columns, rows: this.rows.length + 1 };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const { theme } = view;
    const lengths = this.#lengths(canvas.columns - 2);
    const titles = this.#columns.map(({ title }) => title);
    this.#drawRow(canvas, { row: 0, texts: titles, lengths, style: theme.heading });
    const body = canvas.within(rectangle(0, 1, canvas.columns, canvas.rows - 1));
    const chosen = view.isFocused(this) ? theme.focusedSelected : theme.selected;
    const seen = this.seen(body.rows);
    for (const [row, index] of seen.entries())
      this.#drawRow(body, {
        row,
        texts: this.rows[index] ?? [],
        lengths,
        style: index === this.selected ? chosen : {},
      });
    drawScrollbar(body, theme.border, { first: seen[0] ?? 0, shown: body.rows, count: this.count });
  }

  #drawRow(
    canvas: Canvas,
    line: { row: number; texts: readonly string[]; lengths: readonly number[]; style: Style },
  ): void {
    const { row, texts, lengths, style } = line;
    const cells = this.#columns.map(({ align = 'left' }, index) =>
      fitText(texts[index] ?? '', lengths[index] ?? 0, align),
    );
    canvas.write(0, row, fitText(` ${cells.join(' '.repeat(GAP))}`, canvas.columns), style);
  }

  #lengths(total: number): number[] {
    const shares = this.#columns.map(({ size, flex }, index) =>
      flex === undefined ? { size: size ?? this.#widest(index) } : { flex },
    );
    return shareOut(total - GAP * (shares.length - 1), shares);
  }

  #widest(index: number): number {
    const { title = '', size } = this.#columns[index] ?? {};
    return size ?? Math.max(textWidth(title), ...this.rows.map(row => textWidth(row[index] ?? '')));
  }
}
