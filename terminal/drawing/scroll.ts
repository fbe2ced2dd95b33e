/**
 * Rows that have moved: what a terminal can do by itself, by taking rows out and putting empty ones in.
 *
 * It looks at a few rows only and counts cells, not bytes: whoever draws compares the bytes. One movement for a picture.
 */
import { looksAlike } from './appearance.ts';
import type { Grid, Scroll } from './grid.ts';

/** Rows of the new picture that are looked for in the old one. */
const SAMPLES = 6;
/** Fewer cells than this are not worth the bytes of a movement. */
const FEWEST_CELLS = 12;

/** The movement that saves most cells, if it saves any worth mentioning. */
export function findScroll(shown: Grid, next: Grid): Scroll | undefined {
  const changes = Array.from({ length: next.rows }, (_, row) => differences(shown, row, next, row));
  const distances = new Set(samplesOf(changes).map(row => distanceOf(shown, next, row, changes[row] ?? 0)));
  const found = [...distances].filter(by => by !== 0).map(by => bestOf(shown, next, by, changes));
  const best = found.reduce<Found>((most, each) => (each.cells > most.cells ? each : most), nothing);
  return best.cells < FEWEST_CELLS ? undefined : best.scroll;
}

interface Found {
  readonly cells: number;
  readonly scroll: Scroll;
}

const nothing: Found = { cells: 0, scroll: { top: 0, bottom: 0, by: 0 } };

/** The rows, moved by `by`, that save most cells: the run of rows with the largest sum. */
export function bestOf(shown: Grid, next: Grid, by: number, changes: readonly number[]): Found {
  let best = nothing;
  let cells = 0;
  let first = 0;
  for (let row = Math.max(0, -by); row < Math.min(next.rows, next.rows - by); row += 1) {
    if (cells <= 0) [cells, first] = [0, row];
    cells += (changes[row] ?? 0) - differences(shown, row + by, next, row);
    if (cells > best.cells)
      best = { cells, scroll: { top: Math.min(first, first + by), bottom: Math.max(row, row + by), by } };
  }
  return best;
}

/** How many cells look different; counts no further than `most`. */
export function differences(shown: Grid, shownRow: number, next: Grid, nextRow: number, most = Infinity): number {
  if (next.isSame(nextRow, shown, shownRow)) return 0;
  let count = 0;
  for (let column = 0; column < next.columns && count < most; column += 1)
    if (!looksAlike(shown.at(column, shownRow), next.at(column, nextRow))) count += 1;
  return count;
}

/** Some of the rows that change much, from all over the picture. */
function samplesOf(changes: readonly number[]): number[] {
  const rows = [...changes.keys()].filter(row => (changes[row] ?? 0) >= FEWEST_CELLS / 2);
  const step = Math.max(1, rows.length / SAMPLES);
  return Array.from({ length: Math.min(SAMPLES, rows.length) }, (_, sample) => rows[Math.floor(sample * step)] ?? 0);
}

/** How far below `row` the old picture has what is most like it; of rows that are alike, the nearest. */
function distanceOf(shown: Grid, next: Grid, row: number, changed: number): number {
  let [fewest, distance] = [changed, 0];
  for (const by of outwards(row, next.rows)) {
    const count = differences(shown, row + by, next, row, fewest);
    if (count < fewest) [fewest, distance] = [count, by];
  }
  return distance;
}

/** 1, -1, 2, -2 … as far as there are rows. */
function outwards(row: number, rows: number): number[] {
  const steps = Array.from({ length: rows }, (_, step) => [step + 1, -step - 1]).flat();
  return steps.filter(by => row + by >= 0 && row + by < rows);
}
