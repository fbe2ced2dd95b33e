/**
 * What the editor shows, as rows of cells: wrapping, wide characters, and the place of the cursor.
 *
 * Pure. Where text fills a row to its end the cursor stands at the beginning of the next; a wide character that does not
 * fit leaves the last column empty. Control characters are shown as `^X`, tabs as spaces up to the next multiple of 8.
 * Source: UAX #11; DEC VT510, DECAWM.
 */
import { setStyle, type Style, type StyleAbilities } from '../output/style.ts';
import { graphemesOf, graphemeWidth } from '../width.ts';
import { spansOf, type Span, type StyledText } from './styled-text.ts';

export interface Cell {
  readonly text: string;
  readonly width: number;
  /** What switches its style on, or ''. */
  readonly style: string;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly width: number;
  /** The text goes on in the next row because this one is full. */
  readonly wraps: boolean;
}

export interface Frame {
  readonly rows: readonly Row[];
  readonly cursor: { readonly column: number; readonly row: number };
}

/** What is to be shown. */
export interface Picture {
  readonly prompt: StyledText;
  /** Stands before every line of the text but the first. */
  readonly continuation: StyledText;
  /** The text in its colours. */
  readonly text: readonly Span[];
  /** How many graphemes of the text are before the cursor. */
  readonly cursor: number;
  /** Stands behind the text, and is not part of it. */
  readonly hint: StyledText;
  /** Lines below. */
  readonly below: readonly StyledText[];
}

const TAB = 8;

export function layOut(picture: Picture, columns: number, abilities: StyleAbilities): Frame {
  const page = new Page(columns, abilities);
  page.putSpans(picture.prompt);
  let place = 0;
  for (const { text, style } of picture.text) {
    for (const grapheme of graphemesOf(text)) {
      if (place === picture.cursor) page.markCursor();
      if (grapheme === '\n') page.newLine(picture.continuation);
      else page.put(grapheme, style);
      place += 1;
    }
  }
  if (place <= picture.cursor) page.markCursor();
  page.putSpans(picture.hint);
  page.settleCursor();
  for (const line of picture.below) page.newLine(line);
  return page.frame();
}

/** As many rows of a frame as the screen has, with the cursor among them; `top` is where they began the last time. */
export function clip(frame: Frame, screenRows: number, top: number): { frame: Frame; top: number } {
  const { rows, cursor } = frame;
  const most = Math.max(0, rows.length - screenRows);
  const first = Math.min(most, Math.max(cursor.row - screenRows + 1, Math.min(top, cursor.row)));
  const shown = rows.slice(first, first + screenRows);
  return { top: first, frame: { rows: shown, cursor: { column: cursor.column, row: cursor.row - first } } };
}

class Page {
  readonly #columns: number;
  readonly #abilities: StyleAbilities;
  readonly #rows: Row[] = [];
  #cells: Cell[] = [];
  #column = 0;
  #cursor: { column: number; row: number } | undefined;
  #isMarked = false;

  constructor(columns: number, abilities: StyleAbilities) {
    this.#columns = Math.max(1, columns);
    this.#abilities = abilities;
  }

  putSpans(text: StyledText): void {
    for (const { text: part, style } of spansOf(text)) {
      for (const grapheme of graphemesOf(part)) {
        if (grapheme === '\n') this.newLine('');
        else this.put(grapheme, style);
      }
    }
  }

  put(grapheme: string, style: Style | undefined): void {
    if (grapheme === '\t') return this.#putTab(style);
    for (const part of shownAs(grapheme)) this.#putCell(part, style);
  }

  newLine(continuation: StyledText): void {
    if (this.#isMarked) this.#setCursor(Math.min(this.#column, this.#columns - 1));
    this.#endRow(false);
    this.putSpans(continuation);
  }

  /** The cursor is where the next cell comes. */
  markCursor(): void {
    this.#isMarked = true;
  }

  /** Nothing more comes: a full row is followed by an empty one for the cursor. */
  settleCursor(): void {
    if (!this.#isMarked) return;
    if (this.#column === this.#columns) this.#endRow(true);
    this.#setCursor(this.#column);
  }

  frame(): Frame {
    this.#endRow(false);
    return { rows: this.#rows, cursor: this.#cursor ?? { column: 0, row: 0 } };
  }

  #putTab(style: Style | undefined): void {
    const spaces = Math.min(TAB - (this.#column % TAB), Math.max(1, this.#columns - this.#column));
    for (let left = spaces; left > 0; left -= 1) this.#putCell(' ', style);
  }

  #putCell(text: string, style: Style | undefined): void {
    const width = graphemeWidth(text);
    if (width === 0) return this.#join(text);
    if (width > this.#columns) return this.#putCell('?', style);
    if (this.#column + width > this.#columns) this.#wrap();
    if (this.#isMarked) this.#setCursor(this.#column);
    this.#cells.push({ text, width, style: style ? setStyle(style, this.#abilities) : '' });
    this.#column += width;
  }

  /** A mark without anything to stand on joins what is before it, or a dotted circle. */
  #join(mark: string): void {
    const before = this.#cells.pop();
    if (before) this.#cells.push({ ...before, text: before.text + mark });
    else this.#putCell(`\u25cc${mark}`, undefined);
  }

  #wrap(): void {
    if (this.#column < this.#columns) this.#cells.push({ text: ' ', width: 1, style: '' });
    this.#endRow(true);
  }

  #endRow(wraps: boolean): void {
    const width = this.#cells.reduce((sum, cell) => sum + cell.width, 0);
    this.#rows.push({ cells: this.#cells, width, wraps });
    this.#cells = [];
    this.#column = 0;
  }

  #setCursor(column: number): void {
    this.#cursor = { column, row: this.#rows.length };
    this.#isMarked = false;
  }
}

/** The parts in which a grapheme is shown, one cell each. */
function shownAs(grapheme: string): readonly string[] {
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(grapheme)) return [grapheme.replace(/\p{Surrogate}/gu, '\ufffd')];
  return Array.from(grapheme).flatMap(character => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return ['^', String.fromCharCode(code ^ 0x40)];
    return code >= 0x80 && code < 0xa0 ? ['\ufffd'] : [character];
  });
}
