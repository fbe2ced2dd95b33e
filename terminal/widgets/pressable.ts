/** What a button and a checkbox share: a label behind or in brackets, that Enter, space and a click on it press. */
import type { Size } from '../drawing/rectangle.ts';
import { keystrokeName, type Keystroke, type MouseEvent } from '../keystroke.ts';
import { textWidth } from '../width.ts';
import { Widget } from './widget.ts';

/** Keys that press what is focused. */
export const presses = (stroke: Keystroke): boolean => /^(enter|space)$/.test(keystrokeName(stroke));

export const isClick = ({ event, button }: MouseEvent): boolean => event === 'press' && button === 'left';

/** For the brackets, and the spaces at the label. */
export const BRACKETS = 4;

export abstract class Pressable extends Widget {
  protected readonly label: string;

  constructor(label: string) {
    super();
    this.label = label;
  }

  protected abstract press(): void;

  override get canFocus(): boolean {
    return true;
  }

  override wanted(): Size {
    return { columns: textWidth(this.label) + BRACKETS, rows: 1 };
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    return this.#pressIf(presses(stroke));
  }

  /** Beside what can be seen of it, nothing is pressed: it may have more room than it wants. */
  override mouseReceived(event: MouseEvent): boolean {
    return this.#pressIf(isClick(event) && event.row === 0 && event.column < this.wanted().columns);
  }

  #pressIf(isPressed: boolean): boolean {
    if (isPressed) this.press();
    return isPressed;
  }
}
