/** Yes or no: space, Enter or a click changes it. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import { BRACKETS, Pressable } from './pressable.ts';
import type { WidgetView } from './widget.ts';

export interface CheckboxOptions {
  /** @default false */
  readonly checked?: boolean;
  /** @default nothing */
  readonly onChange?: (checked: boolean) => void;
}

export class Checkbox extends Pressable {
  checked: boolean;
  readonly #onChange: (checked: boolean) => void;

  constructor(label: string, { checked = false, onChange = () => undefined }: CheckboxOptions = {}) {
    super(label);
    this.checked = checked;
    this.#onChange = onChange;
  }

  protected press(): void {
    this.checked = !this.checked;
    this.#onChange(this.checked);
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const style = view.isFocused(this) ? view.theme.focusedButton : view.theme.text;
    canvas.write(0, 0, `[${this.checked ? 'x' : ' '}]`, style);
    canvas.write(BRACKETS, 0, cutText(this.label, canvas.columns - BRACKETS));
  }
}
