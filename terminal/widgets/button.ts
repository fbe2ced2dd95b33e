/** Something to press: Enter or space while it is focused, or a click. */
import type { Canvas } from '../drawing/canvas.ts';
import { cutText } from '../drawing/lines.ts';
import { BRACKETS, Pressable } from './pressable.ts';
import type { WidgetView } from './widget.ts';

export class Button extends Pressable {
  readonly #onPress: () => void;

  constructor(label: string, onPress: () => void) {
    super(label);
    this.#onPress = onPress;
  }

  protected press(): void {
    this.#onPress();
  }

  override draw(canvas: Canvas, view: WidgetView): void {
    const style = view.isFocused(this) ? view.theme.focusedButton : view.theme.button;
    canvas.write(0, 0, `[ ${cutText(this.label, canvas.columns - BRACKETS)} ]`, style);
  }
}
