/** Something to press: Enter or space while it is focused, or a click. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import type { Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke, type MouseEvent } from '../keystroke.ts';
import { textWidth } from '../width.ts';
import { Widget, type WidgetView } from './widget.ts';

/** Keys that press what is focused. */
export const presses = (stroke: Keystroke): boolean => /^(enter|space)$/.test(keystrokeName(stroke));

export const isClick = ({ event, button }: MouseEvent): boolean => event === 'press' && button === 'left';

export class Button extends Widget {
  readonly #label: string;
  readonly #onPress: () => void;

  constructor(label: string, onPress: () => void) {
    super();
    this.#label = label;
    this.#onPress = onPress;
  }

  override get canFocus(): boolean {
    return true;
  }

  override wanted(): Size {
    return { columns: textWidth(this.#label) + 4, rows: 1 };
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const style = view.isFocused(this) ? view.theme.focusedButton : view.theme.button;
    canvas.write(0, 0, `[ ${cutText(this.#label, canvas.columns - 4)} ]`, style);
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    if (!presses(stroke)) return false;
    this.#onPress();
    return true;
  }

  override mouseReceived(event: MouseEvent): boolean {
    const isOnIt = isClick(event) && event.row === 0 && event.column < this.wanted().columns;
    if (isOnIt) this.#onPress();
    return isOnIt;
  }
}
