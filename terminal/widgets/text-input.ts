/** What a text field and a text area share: text that a person edits, bounded, and who hears of its changes. */
import { editedText, insertText, textOf, type EditedText } from './edited-text.ts';
import { Widget } from './widget.ts';

export interface TextInputOptions {
  /** @default '' */
  readonly value?: string;
  /** @default nothing */
  readonly onChange?: (value: string) => void;
}

/** Letters that are taken, and control characters that are letters here. */
interface Bounds {
  readonly most: number;
  readonly keep: string;
}

export abstract class TextInput extends Widget {
  protected text: EditedText;
  readonly #bounds: Bounds;
  readonly #onChange: ((value: string) => void) | undefined;

  constructor({ value = '', onChange }: TextInputOptions, bounds: Bounds) {
    super();
    this.text = editedText(value);
    this.#bounds = bounds;
    this.#onChange = onChange;
  }

  get value(): string {
    return textOf(this.text);
  }

  /** The cursor goes to its end. */
  set value(text: string) {
    this.text = editedText(text);
  }

  override get canFocus(): boolean {
    return true;
  }

  protected insert(text: string): void {
    this.become(insertText(this.text, text, this.#bounds.most, this.#bounds.keep));
  }

  protected become(next: EditedText): void {
    const before = this.text;
    this.text = next;
    if (next.graphemes !== before.graphemes && textOf(next) !== textOf(before)) this.#onChange?.(this.value);
  }
}
