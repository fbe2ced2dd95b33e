/** Yes or no: space, Enter or a click changes it. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import type { Size } from '../drawing/rectangle.ts';
import type { Keystroke, MouseEvent } from '../keystroke.ts';
import { textWidth } from '../width.ts';
import { isClick, presses } from './button.ts';
import { Widget, type WidgetView } from './widget.ts';

export interface CheckboxOptions {
  /** @default false */
  readonly checked?: boolean;
  /** @default nothing */
  readonly onChange?: (checked: boolean) => void;
}

export class Checkbox extends Widget {
  checked: boolean;
  readonly #label: string;
  readonly #onChange: (checked: boolean) => void;

  constructor(label: string, { checked = false, onChange = () => undefined }: CheckboxOptions = {}) {
    super();
    this.#label = label;
    this.checked = checked;
    this.#onChange = onChange;
  }

  override get canFocus(): boolean {
    return true;
  }

  override wanted(): Size {
    return { columns: textWidth(this.#label) + 4, rows: 1 };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const style = view.isFocused(this) ? view.theme.focusedButton : view.theme.text;
    canvas.write(0, 0, `[${this.checked ? 'x' : ' '}]`, style);
    canvas.write(4, 0, cutText(this.#label, canvas.columns - 4));
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    return presses(stroke) && this.#change();
  }

  override mouseReceived(event: MouseEvent): boolean {
    return isClick(event) && this.#change();
  }

  #change(): true {
    this.checked = !this.checked;
    this.#onChange(this.checked);
    return true;
  }
}
