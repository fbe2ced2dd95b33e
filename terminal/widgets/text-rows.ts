/** Where text breaks into rows of a width, and which place in a row is which letter: pure functions of graphemes. */
import { graphemeWidth } from '../width.ts';
import type { EditedText } from './edited-text.ts';

/** Graphemes `start` to `end`, the end not included. */
export interface TextRow {
  readonly start: number;
  readonly end: number;
}

/** Rows of at most `columns`, broken anywhere, and at LF. There is always one, and one behind a last LF. */
export function rowsOf(graphemes: readonly string[], columns: number): readonly TextRow[] {
  const rows: TextRow[] = [];
  let [start, width] = [0, 0];
  for (const [index, grapheme] of graphemes.entries()) {
    const wide = grapheme === '\n' ? 0 : graphemeWidth(grapheme);
    if (width + wide > Math.max(2, columns)) {
      rows.push({ start, end: index });
      [start, width] = [index, 0];
    }
    width += wide;
    if (grapheme === '\n') {
      rows.push({ start, end: index });
      [start, width] = [index + 1, 0];
    }
  }
  return [...rows, { start, end: graphemes.length }];
}

const widthBetween = (graphemes: readonly string[], from: number, to: number): number =>
  graphemes.slice(from, to).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);

/** The row and column of the cursor. */
export function cursorIn({ graphemes, cursor }: EditedText, rows: readonly TextRow[]): { column: number; row: number } {
  const row = rows.findLastIndex(({ start }) => start <= cursor);
  return { row, column: widthBetween(graphemes, rows[row]?.start ?? 0, cursor) };
}

/** The letter at `column` of a row, or the end of the row. */
export function letterAt(graphemes: readonly string[], row: TextRow | undefined, column: number): number {
  let at = row?.start ?? 0;
  while (at < (row?.end ?? 0) && widthBetween(graphemes, row?.start ?? 0, at + 1) <= column) at += 1;
  return at;
}
