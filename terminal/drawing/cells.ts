/**
 * One cell for each character in each style: pictures that show the same share their cells, and are compared by identity.
 *
 * It is a cache, and bounded. Cells that it has forgotten are still cells; they only take longer to compare.
 */
import type { Style } from '../output/style.ts';

export interface Cell {
  /** A grapheme; '' in the second cell of a wide one. */
  readonly text: string;
  /** Cells that the grapheme takes; 0 in the second one of a wide character. */
  readonly width: 0 | 1 | 2;
  readonly style: Style;
}

/** All cells of one style. */
export type CellMaker = (text: string, width: 0 | 1 | 2) => Cell;

const MOST_STYLES = 1_024;
const MOST_CELLS = 65_536;

const makers = new Map<string, CellMaker>();
let cells = 0;

export function cellsIn(style: Style): CellMaker {
  const key = JSON.stringify(style);
  if (makers.size >= MOST_STYLES || cells >= MOST_CELLS) forgetCells();
  let maker = makers.get(key);
  if (!maker) makers.set(key, (maker = makerOf(Object.freeze({ ...style }))));
  return maker;
}

function forgetCells(): void {
  makers.clear();
  cells = 0;
}

function makerOf(style: Style): CellMaker {
  const made = [0, 1, 2].map(() => new Map<string, Cell>());
  return (text, width) => {
    const known = made[width]?.get(text);
    if (known) return known;
    const cell = Object.freeze({ text, width, style });
    made[width]?.set(text, cell);
    cells += 1;
    return cell;
  };
}
