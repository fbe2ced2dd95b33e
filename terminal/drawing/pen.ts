/**
 * Writes cells and keeps in mind where the cursor is and which style is set, so that nothing is said twice.
 *
 * It decides nothing about what to write; a renderer does.
 */
import { deleteLine, insertLine } from '../output/edit.ts';
import { eraseCharacter, eraseToLineEnd } from '../output/erase.ts';
import { changeStyle } from '../output/style-change.ts';
import type { Style, StyleAbilities } from '../output/style.ts';
import { erasesClean, fits, isDoubtful } from './appearance.ts';
import { moveCursor, type CursorState, type Place } from './cursor-move.ts';
import type { Cell } from './cells.ts';
import { plain, type Scroll } from './grid.ts';

export const bytesIn = (text: string): number => (text.length === 1 && text < '\x80' ? 1 : Buffer.byteLength(text));

export class Pen {
  written = '';
  #cursor: CursorState | undefined;
  #style: Style = plain;
  readonly #columns: number;
  readonly #abilities: StyleAbilities;

  constructor(cursor: CursorState | undefined, columns: number, abilities: StyleAbilities) {
    this.#cursor = cursor;
    this.#columns = columns;
    this.#abilities = abilities;
  }

  get cursor(): CursorState | undefined {
    return this.#cursor;
  }

  moveTo(place: Place): void {
    this.written += moveCursor(this.#cursor, place);
    this.#cursor = place;
  }

  setStyle(style: Style): void {
    this.written += changeStyle(this.#style, style, this.#abilities);
    this.#style = style;
  }

  /** At the cursor, which has to be known. */
  write(cell: Cell): void {
    if (!fits(this.#style, cell)) this.setStyle(cell.style);
    const isSure = !isDoubtful(cell);
    // on a terminal that draws it narrow, what was in its second cell would stay
    if (!isSure && cell.width === 2) this.written += eraseCharacter(2);
    this.written += cell.text;
    const { column = 0, row = 0 } = this.#cursor ?? {};
    const end = column + cell.width;
    this.#cursor = { column: isSure && end < this.#columns ? end : undefined, row };
  }

  eraseToLineEnd(): void {
    this.#setCleanStyle();
    this.written += eraseToLineEnd();
  }

  erase(cells: number): void {
    this.#setCleanStyle();
    this.written += eraseCharacter(cells);
  }

  /**
   * Move rows, by taking some out at one end and putting empty ones in at the other. From column 0, as terminals disagree
   * about where that leaves the cursor, and without a scroll region, which not all of them move by a number of rows.
   */
  scroll({ top, bottom, by }: Scroll, rows: number): void {
    this.#setCleanStyle();
    const count = Math.abs(by);
    this.moveTo({ column: 0, row: by > 0 ? top : bottom + 1 - count });
    this.written += deleteLine(count);
    if (by > 0 && bottom === rows - 1) return; // what comes in from below is empty
    this.moveTo({ column: 0, row: by > 0 ? bottom + 1 - count : top });
    this.written += insertLine(count);
  }

  /** Bytes from here to writing `cells` at `place`, one after the other. */
  costOf(place: Place, cells: readonly Cell[]): number {
    let bytes = moveCursor(this.#cursor, place).length;
    let style = this.#style;
    for (const cell of cells) {
      if (!fits(style, cell)) {
        bytes += changeStyle(style, cell.style, this.#abilities).length;
        style = cell.style;
      }
      bytes += bytesIn(cell.text);
    }
    return bytes;
  }

  /** Bytes for erasing so many cells at `place`. */
  costOfErasing(place: Place, cells: number): number {
    const change = erasesClean(this.#style) ? '' : changeStyle(this.#style, plain, this.#abilities);
    return moveCursor(this.#cursor, place).length + change.length + eraseCharacter(cells).length;
  }

  #setCleanStyle(): void {
    if (!erasesClean(this.#style)) this.setStyle(plain);
  }
}
