/** What lists and tables share: rows of which one is selected, by keys, clicks and the wheel. */
import { keystrokeName, type Keystroke, type MouseEvent } from '../keystroke.ts';
import { isClick, presses } from './pressable.ts';
import { firstRow, selectionAfter, selectionAfterWheel, selectRow, type Extent, type Selection } from './selection.ts';
import { Widget } from './widget.ts';

export interface SelectableOptions {
  /** The row that is selected at first. @default 0 */
  readonly selected?: number;
  /** Another row was selected. @default nothing */
  readonly onSelect?: (index: number) => void;
  /** Enter was pressed on a row, or the selected one was clicked. @default nothing: Enter is passed on */
  readonly onChoose?: (index: number) => void;
}

export abstract class Selectable extends Widget {
  #selection: Selection;
  #shownRows = 1;
  readonly #options: SelectableOptions;

  constructor(options: SelectableOptions) {
    super();
    this.#options = options;
    this.#selection = { ...firstRow, index: options.selected ?? 0 };
  }

  protected abstract readonly count: number;
  /** Rows above the first one, such as a heading. */
  protected abstract readonly headRows: number;

  /** The selected row, from 0; -1 if there are none. */
  get selected(): number {
    return Math.min(this.#selection.index, this.count - 1);
  }

  set selected(index: number) {
    this.#selection = selectRow(this.#selection, index, this.#extent);
  }

  override get canFocus(): boolean {
    return true;
  }

  override keystrokeReceived(stroke: Keystroke): boolean {
    if (presses(stroke) && this.#options.onChoose && this.count > 0) {
      this.#options.onChoose(this.selected);
      return true;
    }
    return this.#become(selectionAfter(this.#selection, keystrokeName(stroke), this.#extent));
  }

  override mouseReceived(event: MouseEvent): boolean {
    if (!isClick(event)) return this.#become(selectionAfterWheel(this.#selection, event.event, this.#extent));
    const index = this.#selection.first + event.row - this.headRows;
    if (event.row < this.headRows || index >= this.count) return false;
    if (index === this.selected) this.#options.onChoose?.(index);
    return this.#become(selectRow(this.#selection, index, this.#extent));
  }

  /** The rows that are seen in `room` rows, each with its index. */
  protected seen(room: number): readonly number[] {
    this.#shownRows = Math.max(0, room);
    this.#selection = selectRow(this.#selection, this.#selection.index, this.#extent);
    const { first } = this.#selection;
    return Array.from({ length: Math.min(this.#shownRows, this.count - first) }, (_, row) => first + row);
  }

  get #extent(): Extent {
    return { count: this.count, shown: this.#shownRows };
  }

  #become(next: Selection | undefined): boolean {
    if (!next) return false;
    const isOther = next.index !== this.#selection.index;
    this.#selection = next;
    if (isOther) this.#options.onSelect?.(next.index);
    return true;
  }
}
