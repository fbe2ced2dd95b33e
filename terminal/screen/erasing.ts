/**
 * Mends a fault of the library's: to erase up to the last column of a row, it looks for the row below without counting
 * the scrollback. It says of a wrong row that it goes on none, or throws where there is no such row.
 *
 * Source: @xterm/headless 6.0, InputHandler.eraseInDisplay.
 */
export interface CsiParser {
  registerCsiHandler(
    id: { prefix?: string; final: string },
    handle: (parameters: ReadonlyArray<number | readonly number[]>) => boolean,
  ): unknown;
}

/** Lines count from 0, the oldest of the scrollback; `ybase` is the top row's. */
export interface ErasedLines {
  readonly ybase: number;
  readonly lines: { get(line: number): { isWrapped: boolean } | undefined };
}

export interface ErasedScreen {
  readonly columns: number;
  readonly rowCount: number;
  /** From 0; the column is the number of columns, or more, behind the last. */
  readonly cursor: { readonly column: number; readonly row: number };
  readonly shownLines: ErasedLines;
  /** ED by the library, or all but what is protected: DECSED. */
  readonly erase: (what: number, keepsProtected: boolean) => void;
}

const UP_TO_CURSOR = 1;
const ALL = 2;

/** ED and DECSED from the beginning up to the cursor. ECMA-48 §8.3.39. */
export function mendErasing(parser: CsiParser, screen: () => ErasedScreen): void {
  for (const prefix of ['', '?']) {
    parser.registerCsiHandler({ ...(prefix === '' ? {} : { prefix }), final: 'J' }, ([what]) => {
      const shown = screen();
      if (what !== UP_TO_CURSOR || shown.cursor.column < shown.columns - 1) return false;
      if (shown.cursor.row === shown.rowCount - 1) shown.erase(ALL, prefix === '?');
      else eraseToEdge(shown, prefix === '?');
      return true;
    });
  }
}

function eraseToEdge(
  { cursor: { row }, shownLines: { ybase, lines }, erase }: ErasedScreen,
  keepsProtected: boolean,
): void {
  const inHistory = row + 1 < ybase ? lines.get(row + 1) : undefined;
  const wasWrapped = inHistory?.isWrapped ?? false;
  erase(UP_TO_CURSOR, keepsProtected);
  if (inHistory) inHistory.isWrapped = wasWrapped;
  const below = lines.get(ybase + row + 1);
  if (below) below.isWrapped = false;
}
