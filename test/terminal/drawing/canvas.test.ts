/** What may be drawn where: clipping, wide characters, harmless text. */
import { describe, expect, test } from '@jest/globals';
import type { Canvas } from '../../../terminal/drawing/canvas.ts';
import { centred, inset, intersection, rectangle } from '../../../terminal/drawing/rectangle.ts';
import { drawn, rowsOf } from './drawn.ts';

// what is drawn on 8×2 · what the rows are then
const facts: Array<[title: string, draw: (canvas: Canvas) => void, rows: string[]]> = [
  ['text stands where it was written', canvas => canvas.write(2, 1, 'ab'), ['', '  ab']],
  ['text ends at the edge', canvas => canvas.write(6, 0, 'abc'), ['      ab', '']],
  ['text before the edge is not seen', canvas => canvas.write(-1, 0, 'abc'), ['bc', '']],
  ['a row outside is not seen', canvas => canvas.write(0, 2, 'abc'), ['', '']],
  ['a wide character takes two cells', canvas => canvas.write(0, 0, '日本x'), ['日本x', '']],
  ['one that the right edge cuts is a blank', canvas => canvas.write(7, 0, '日'), ['', '']],
  ['one that the left edge cuts is a blank', canvas => canvas.write(-1, 0, '日x'), [' x', '']],
  [
    'writing over the first half of one blanks the second',
    canvas => (canvas.write(0, 0, '日x'), canvas.write(0, 0, 'a')),
    ['a x', ''],
  ],
  [
    'writing over the second half of one blanks the first',
    canvas => (canvas.write(0, 0, '日x'), canvas.write(1, 0, 'a')),
    [' ax', ''],
  ],
  [
    'a wide character over halves of two blanks the others',
    canvas => (canvas.write(0, 0, '日本'), canvas.write(1, 0, '語')),
    [' 語', ''],
  ],
  ['a combining mark stays with its letter', canvas => canvas.write(0, 0, 'e\u0301x'), ['e\u0301x', '']],
  ['a mark without a letter is not shown', canvas => canvas.write(0, 0, '\u0301x'), ['x', '']],
  ['control characters are taken out', canvas => canvas.write(0, 0, 'a\x1b[2J\nb\x9bc'), ['a[2Jbc', '']],
  ['so are those that reorder text', canvas => canvas.write(0, 0, 'a\u202eb'), ['ab', '']],
  [
    'a letter with marks without end is U+FFFD',
    canvas => canvas.write(0, 0, `x${'\u0301'.repeat(99)}y`),
    ['\ufffdy', ''],
  ],
  [
    'as many marks on a wide one do not make half of it',
    canvas => canvas.write(0, 0, `日${'\u0301'.repeat(99)}y`),
    ['\ufffd y', ''],
  ],
  [
    'a part has its own beginning, and nothing gets out of it',
    canvas => canvas.within(rectangle(2, 1, 3, 1)).write(1, 0, 'abcdef'),
    ['', '   ab'],
  ],
  [
    'a part of a part is clipped by both',
    canvas =>
      canvas
        .within(rectangle(2, 0, 3, 2))
        .within(rectangle(-1, 0, 9, 1))
        .write(0, 0, 'abcdef'),
    ['  bcd', ''],
  ],
  ['filling a part fills no more', canvas => canvas.within(rectangle(6, 1, 9, 9)).fill({}, '#'), ['', '      ##']],
];

test.each(facts)('%s', (_title, draw, rows) => {
  expect(rowsOf(drawn(8, 2, draw))).toEqual(rows);
});

test('write tells how many columns the text takes, also where they cannot be seen', () => {
  drawn(4, 1, canvas => expect(canvas.write(2, 0, '日本語')).toBe(6));
});

test('what a part starts from is under what is written in it', () => {
  const grid = drawn(2, 1, canvas => {
    canvas.within(rectangle(0, 0, 2, 1), { background: 'blue', bold: true }).write(0, 0, 'a', { foreground: 'red' });
  });
  expect(grid.at(0, 0).style).toEqual({ background: 'blue', bold: true, foreground: 'red' });
});

describe('rectangles', () => {
  test('that do not meet have nothing in common', () => {
    expect(intersection(rectangle(0, 0, 2, 2), rectangle(5, 5, 2, 2))).toMatchObject({ columns: 0, rows: 0 });
  });

  test('are never smaller than nothing', () => {
    expect(inset(rectangle(0, 0, 1, 1), 1)).toEqual(rectangle(1, 1, 0, 0));
  });

  test('in the middle are no larger than what is around', () => {
    expect(centred({ columns: 9, rows: 1 }, { columns: 5, rows: 5 })).toEqual(rectangle(0, 2, 5, 1));
  });
});
