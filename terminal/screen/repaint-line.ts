/**
 * Paints lines of a screen one after the other, each on an empty line where the cursor stands in the first column.
 *
 * Only places that hold something are written; the cursor jumps over the others. A line that goes on in the next one is
 * made to do so before anything is written on it, so that painting it needs no care at its edge.
 */
import { ESC } from '../output/control.ts';
import * as out from '../output/index.ts';
import type { Style } from '../output/style.ts';
import { isPlain, type Link, type ScreenCell } from './cell.ts';
import type { EmulatorBuffer } from './headless.ts';

const down = `${ESC}[B\r`;

export class LinePainter {
  readonly #columns: number;
  readonly #styled: (style: Style) => string;
  /** What the terminal writes in now. */
  #style = '';
  #link = '';
  /** Where the cursor is; undefined when only an absolute position is safe. */
  #column: number | undefined = 0;

  constructor(columns: number, styled: (style: Style) => string) {
    this.#columns = columns;
    this.#styled = styled;
  }

  /** Paint `line` of `buffer` and go to the beginning of the next, if there is one. */
  line(buffer: EmulatorBuffer, line: number, canWrap: boolean): string {
    const isLast = line === buffer.length - 1;
    const wraps = !isLast && canWrap && buffer.isWrapped(line + 1);
    this.#column = 0;
    const places = Array.from({ length: this.#columns }, (_, column) => buffer.cell(column, line));
    const written = (wraps ? this.#wrap() : '') + this.#places(places);
    if (isLast) return written;
    return written + this.plain() + (wraps ? down : '\r\n');
  }

  /** Write in `style`, linked to `link`, from here on. */
  pen(style: Style, link?: Link): string {
    return this.#setStyle(style) + this.#setLink(link);
  }

  plain(): string {
    return this.pen({});
  }

  /** Bring the cursor from the last column of `line` behind it, by writing again what stands there. */
  edge(buffer: EmulatorBuffer, line: number): string {
    const last = buffer.cell(this.#columns - 1, line);
    const isHalf = last.width === 0 && last.text === '';
    const column = isHalf ? this.#columns - 2 : this.#columns - 1;
    const cell = buffer.cell(column, line);
    return out.cursorColumn(column) + this.pen(cell.style, cell.link) + (cell.text || ' ');
  }

  /** Let the line go on in the next: two characters at its edge, which are then erased. */
  #wrap(): string {
    const edge = out.cursorColumn(this.#columns - 1);
    return `${this.plain()}${edge}xx\r${out.eraseCharacter(1)}${out.cursorUp()}${edge}${out.eraseCharacter(1)}\r`;
  }

  #places(cells: readonly ScreenCell[]): string {
    let written = '';
    for (let column = 0; column < cells.length; column += 1) {
      const cell = cells[column];
      if (!cell || isNothing(cell)) continue;
      if (isBackground(cell)) {
        const end = endOfBackground(cells, column);
        written += this.#moveTo(column) + this.pen(cell.style) + out.eraseCharacter(end - column);
        column = end - 1;
      } else written += this.#place(cell, column);
    }
    return written;
  }

  #place(cell: ScreenCell, column: number): string {
    const { width, style, link } = cell;
    const fits = column + width <= this.#columns;
    if (width === 0) this.#column = undefined;
    const written = this.#moveTo(column) + this.pen(style, link) + (fits ? cell.text || ' ' : ' ');
    const next = column + (fits ? Math.max(width, 1) : 1);
    this.#column = next === this.#columns || width === 0 ? undefined : next;
    return written;
  }

  #moveTo(column: number): string {
    const isThere = this.#column === column;
    this.#column = column;
    return isThere ? '' : out.cursorColumn(column);
  }

  #setStyle(style: Style): string {
    const wanted = isPlain(style) ? '' : this.#styled(style);
    if (wanted === this.#style) return '';
    this.#style = wanted;
    return wanted === '' ? out.selectGraphicRendition(0) : wanted;
  }

  #setLink(link: Link | undefined): string {
    const wanted = link ? `${ESC}]8;${link.id === undefined ? '' : `id=${link.id}`};${link.uri}${ESC}\\` : '';
    if (wanted === this.#link) return '';
    this.#link = wanted;
    return wanted === '' ? out.endHyperlink() : wanted;
  }
}

const isEmpty = ({ text, width }: ScreenCell): boolean => text === '' && width === 1;
const isHalf = ({ text, width }: ScreenCell): boolean => text === '' && width === 0;
const isNothing = (cell: ScreenCell): boolean => isHalf(cell) || (isEmpty(cell) && isPlain(cell.style) && !cell.link);

/** Empty, but for a background: what erasing leaves. */
const isBackground = (cell: ScreenCell): boolean =>
  isEmpty(cell) && !cell.link && Object.keys(cell.style).join() === 'background';

function endOfBackground(cells: readonly ScreenCell[], column: number): number {
  const background = cells[column]?.style.background;
  let end = column + 1;
  for (let cell = cells[end]; cell && isBackground(cell); cell = cells[end]) {
    if (cell.style.background !== background) break;
    end += 1;
  }
  return end;
}
