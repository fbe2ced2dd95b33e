/** The cursor gets where it is asked to, and no two operations do it in fewer bytes. */
import { expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { moveCursor, type CursorState, type Place } from '../../../terminal/drawing/cursor-move.ts';
import * as out from '../../../terminal/output/index.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';

const [columns, rows] = [120, 40];
const place = fc.record({
  column: fc.integer({ min: 0, max: columns - 1 }),
  row: fc.integer({ min: 0, max: rows - 1 }),
});

test('it arrives, from anywhere', () => {
  using screen = new ScreenBuffer({ columns, rows });
  fc.assert(
    fc.property(place, place, (from, to) => {
      screen.write(out.cursorPosition(from.column, from.row) + moveCursor(from, to));
      expect(screen.cursor).toMatchObject(to);
    }),
    { numRuns: 300 },
  );
});

test('it arrives from behind the last column too', () => {
  using screen = new ScreenBuffer({ columns, rows });
  fc.assert(
    fc.property(place, place, ({ row }, to) => {
      screen.write(out.cursorPosition(columns - 1, row) + 'x' + moveCursor({ column: undefined, row }, to));
      expect(screen.cursor).toMatchObject(to);
    }),
    { numRuns: 100 },
  );
});

type Step = (from: Place, to: Place) => readonly [bytes: string, at: Place] | undefined;
const steps: readonly Step[] = [
  (_from, to) => [out.cursorPosition(to.column, to.row), to],
  (from, to) => [out.cursorColumn(to.column), { ...from, column: to.column }],
  (from, to) => [out.cursorRow(to.row), { ...from, row: to.row }],
  from => ['\r', { ...from, column: 0 }],
  from => ['\r\n', { column: 0, row: from.row + 1 }],
  from => (from.column > 0 ? ['\b', { ...from, column: from.column - 1 }] : undefined),
  (from, to) => (to.row > from.row ? [out.cursorDown(to.row - from.row), { ...from, row: to.row }] : undefined),
  (from, to) => (to.row < from.row ? [out.cursorUp(from.row - to.row), { ...from, row: to.row }] : undefined),
  (from, to) =>
    to.column > from.column ? [out.cursorForward(to.column - from.column), { ...from, column: to.column }] : undefined,
  (from, to) =>
    to.column < from.column ? [out.cursorBackward(from.column - to.column), { ...from, column: to.column }] : undefined,
];

/** The fewest bytes for `to` with at most `most` operations. */
function fewest(from: Place, to: Place, most: number): number {
  if (from.column === to.column && from.row === to.row) return 0;
  if (most === 0) return Infinity;
  const ways = steps.map(step => step(from, to)).filter(way => way !== undefined);
  return Math.min(...ways.map(([bytes, at]) => bytes.length + fewest(at, to, most - 1)));
}

test('no two operations are shorter', () => {
  fc.assert(
    fc.property(place, place, (from, to) => {
      expect(moveCursor(from, to).length).toBeLessThanOrEqual(fewest(from, to, 2));
    }),
    { numRuns: 2_000 },
  );
});

test('nothing is sent to stay', () => {
  const here: CursorState = { column: 3, row: 3 };
  expect(moveCursor(here, { column: 3, row: 3 })).toBe('');
});
