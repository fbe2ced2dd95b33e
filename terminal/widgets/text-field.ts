/** One line to type in. What is longer than the field scrolls with the cursor. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import type { Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke, type MouseEvent, type Paste } from '../keystroke.ts';
import { graphemeWidth, textWidth } from '../width.ts';
import { isClick } from './pressable.ts';
import { editingKeys } from './edited-text.ts';
import { TextInput, type TextInputOptions } from './text-input.ts';
import type { WidgetView } from './widget.ts';

export interface TextFieldOptions extends TextInputOptions {
  /** Shown while nothing is typed. @default '' */
  readonly placeholder?: string;
  /** Show a dot for each letter. @default false */
  readonly hidden?: boolean;
  /** Its width, where there is so much room. @default all of its place; it asks for 20 */
  readonly columns?: number;
  /** Letters that it takes. @default 1_000 */
  readonly most?: number;
  /** Enter was pressed; without it, Enter is passed on. @default nothing */
  readonly onSubmit?: (value: string) => void;
}

const MASK = '•';

export class TextField extends TextInput {
  /** The first grapheme that is shown. */
  #first = 0;
  readonly #options: TextFieldOptions;

  constructor(options: TextFieldOptions = {}) {
    super(options, { most: options.most ?? 1_000, keep: '' });
    this.#options = options;
  }

  override wanted(): Size {
    return { columns: this.#options.columns ?? 20, rows: 1 };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const { theme } = view;
    const isFocused = view.isFocused(this);
    const style = isFocused ? theme.focusedField : theme.field;
    const columns = Math.min(canvas.columns, this.#options.columns ?? Infinity);
    const field = canvas.within({ column: 0, row: 0, columns, rows: 1 }, style);
    field.fill();
    const shown = this.#shown;
    this.#scroll(shown, columns);
    const placeholder = shown.length > 0 ? '' : (this.#options.placeholder ?? '');
    field.write(0, 0, cutText(placeholder, columns), theme.faint);
    field.write(0, 0, shown.slice(this.#first).join(''));
    if (isFocused) view.showCursor(canvas, textWidth(shown.slice(this.#first, this.text.cursor).join('')), 0);
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    const name = keystrokeName(stroke);
    if (name === 'enter' && this.#options.onSubmit) {
      this.#options.onSubmit(this.value);
      return true;
    }
    const edit = editingKeys[name];
    if (edit) this.become(edit(this.text));
    else if (stroke.text !== undefined && !stroke.control && !stroke.alt) this.insert(stroke.text);
    else return false;
    return true;
  }

  override pasteReceived({ text }: Paste): boolean {
    this.insert(text.replaceAll('\n', ' '));
    return true;
  }

  override mouseReceived(event: MouseEvent): boolean {
    if (!isClick(event)) return false;
    let [cursor, column] = [this.#first, 0];
    while (cursor < this.#shown.length && column + graphemeWidth(this.#shown[cursor] ?? '') <= event.column) {
      column += graphemeWidth(this.#shown[cursor] ?? '');
      cursor += 1;
    }
    this.text = { ...this.text, cursor };
    return true;
  }

  get #shown(): readonly string[] {
    return this.#options.hidden ? this.text.graphemes.map(() => MASK) : this.text.graphemes;
  }

  /** The cursor stays in sight, with a cell of its own. */
  #scroll(shown: readonly string[], columns: number): void {
    const { cursor } = this.text;
    this.#first = Math.min(this.#first, cursor);
    while (this.#first < cursor && textWidth(shown.slice(this.#first, cursor).join('')) >= columns) this.#first += 1;
  }
}
