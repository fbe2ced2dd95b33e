/** Several lines to type in. Long ones are wrapped; what is below the place scrolls with the cursor. */
import type { Canvas } from '../drawing/canvas.ts';
import type { Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke, type MouseEvent, type Paste } from '../keystroke.ts';
import { isClick } from './pressable.ts';
import { editingKeys, type EditedText } from './edited-text.ts';
import { TextInput, type TextInputOptions } from './text-input.ts';
import { cursorIn, letterAt, rowsOf, type TextRow } from './text-rows.ts';
import type { WidgetView } from './widget.ts';

export interface TextAreaOptions extends TextInputOptions {
  /** The rows that it wants. @default 5 */
  readonly rows?: number;
  /** Letters that it takes. @default 100_000 */
  readonly most?: number;
}

export class TextArea extends TextInput {
  #columns = 80;
  #shownRows = 1;
  #firstRow = 0;
  /** Where up and down have left the cursor, and the column that they keep. */
  #moved: { readonly text: EditedText; readonly column: number } | undefined;
  readonly #wantedRows: number;

  constructor({ rows = 5, most = 100_000, ...options }: TextAreaOptions = {}) {
    super(options, { most, keep: '\n' });
    this.#wantedRows = rows;
  }

  override wanted({ columns }: Size): Size {
    return { columns, rows: this.#wantedRows };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const isFocused = view.isFocused(this);
    const field = canvas.within(
      { column: 0, row: 0, columns: canvas.columns, rows: canvas.rows },
      isFocused ? view.theme.focusedField : view.theme.field,
    );
    field.fill();
    [this.#columns, this.#shownRows] = [canvas.columns - 1, canvas.rows];
    const rows = this.#rows;
    const cursor = cursorIn(this.text, rows);
    this.#firstRow = Math.min(Math.max(this.#firstRow, cursor.row - canvas.rows + 1), cursor.row);
    for (const [row, { start, end }] of rows.slice(this.#firstRow, this.#firstRow + canvas.rows).entries())
      field.write(0, row, this.text.graphemes.slice(start, end).join(''));
    if (isFocused) view.showCursor(canvas, cursor.column, cursor.row - this.#firstRow);
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    const name = keystrokeName(stroke);
    const edit = editingKeys[name];
    const rows = { up: -1, down: 1, pageUp: -this.#shownRows, pageDown: this.#shownRows }[name];
    if (rows !== undefined) this.#moveBy(rows);
    else if (edit) this.become(edit(this.text));
    else if (name === 'enter') this.insert('\n');
    else if (stroke.text !== undefined && !stroke.control && !stroke.alt) this.insert(stroke.text);
    else return false;
    return true;
  }

  override pasteReceived({ text }: Paste): boolean {
    this.insert(text.replaceAll('\t', '  '));
    return true;
  }

  override mouseReceived(event: MouseEvent): boolean {
    if (isClick(event)) this.#moveTo(this.#firstRow + event.row, event.column);
    else if (event.event === 'wheel-up' || event.event === 'wheel-down')
      this.#moveBy(event.event === 'wheel-up' ? -3 : 3);
    else return false;
    return true;
  }

  get #rows(): readonly TextRow[] {
    return rowsOf(this.text.graphemes, this.#columns);
  }

  /** The column that one began at is kept, past rows that are too short for it. */
  #moveBy(rows: number): void {
    const { column, row } = cursorIn(this.text, this.#rows);
    const kept = this.#moved?.text === this.text ? this.#moved.column : column;
    this.#moveTo(row + rows, kept);
    this.#moved = { text: this.text, column: kept };
  }

  #moveTo(row: number, column: number): void {
    const rows = this.#rows;
    const at = Math.min(Math.max(row, 0), rows.length - 1);
    const near = rows[at];
    // The end of a wrapped row is the beginning of the next one, and would be shown there.
    const last = rows[at + 1]?.start === near?.end ? -1 : 0;
    const cursor = Math.min(letterAt(this.text.graphemes, near, column), (near?.end ?? 0) + last);
    this.text = { ...this.text, cursor };
  }
}
