/**
 * Screens of the kind that vttest (Per Lindberg, Thomas Dickey) shows, drawn by our operations: many at once, at the
 * edges, and told by a picture that somebody can know to be right without a terminal.
 *
 * What each is to show is painted here from what vttest says beside its screens, and not by the same operations.
 */
import * as out from '../../../terminal/output/index.ts';
import type { ScreenFact } from './screen-facts.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

const at = out.cursorPosition;
const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join('');
const letter = (index: number): string => String.fromCharCode(65 + index);
const small = (index: number): string => letter(index).toLowerCase();

/** For the rows of a screen, `paint` says what is at each place. */
const painted = ({ columns, rows }: Size, paint: (column: number, row: number) => string): string[] =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_each, column) => paint(column, row))
      .join('')
      .trimEnd(),
  );

/** Around the edge `*`, inside of it `+`, and a filled frame of E with a hole: all from a screen of E. */
function frames(size: Size): ScreenFact {
  const [right, bottom] = [size.columns - 1, size.rows - 1];
  const [left, top, end, low] = [9, 8, 70, 17];
  const hole = times(low - top - 1, row => at(left + 1, top + 1 + row) + out.eraseCharacter(end - left - 1));
  const outside = [
    at(left - 1, top) + out.eraseToDisplayBeginning(),
    at(end + 1, low) + out.eraseToDisplayEnd(),
    times(low - top, row => at(end + 1, top + row) + out.eraseToLineEnd()),
    times(low - top, row => at(left - 1, top + 1 + row) + out.eraseToLineBeginning()),
  ].join('');
  const stars = [
    times(size.columns, column => `${at(column, bottom)}*${at(column, 0)}*`),
    `${at(0, 1)}${times(size.rows - 2, () => `*${out.cursorBackward()}${out.index()}`)}`,
    `${at(right, bottom - 1)}${times(size.rows - 2, () => `*${out.cursorColumn(right)}${out.reverseIndex()}`)}`,
  ].join('');
  const pluses = [
    `${at(1, 1)}${times(size.rows - 2, () => `+${out.cursorBackward()}${out.cursorDown()}`)}`,
    `${at(right - 1, bottom - 1)}${times(size.rows - 2, () => `+${out.cursorBackward()}${out.cursorUp()}`)}`,
    `${at(1, 1)}${times(size.columns - 2, () => `+${out.cursorForward()}${out.cursorBackward(2)}${out.cursorForward()}`)}`,
    `${at(right - 1, bottom - 1)}${times(size.columns - 2, () => `+\b${out.cursorBackward()}`)}`,
  ].join('');
  // Against the margins: the cursor stops in the corners.
  const corners = `${at(5, 5)}${out.cursorUp(999)}${out.cursorBackward(999)}*${out.cursorDown(999)}${out.cursorForward(999)}*`;
  const isIn = (column: number, row: number, by: number): boolean =>
    column >= left + by && column <= end - by && row >= top + by && row <= low - by;
  return {
    title: 'a frame of * and +, and one of E, after erasing and moving at every margin',
    writes: out.screenAlignment() + outside + hole + stars + pluses + corners,
    shows: painted(size, (column, row) => {
      const edge = Math.min(column, row, right - column, bottom - row);
      if (edge < 2) return '*+'[edge] ?? '';
      return isIn(column, row, 0) && !isIn(column, row, 1) ? 'E' : ' ';
    }),
  };
}

/** Letters at both margins, each row made another way, in a region that scrolls and counts from its own top. */
function margins(size: Size): ScreenFact {
  const right = size.columns - 1;
  const region = size.rows - 6;
  const ways: ReadonlyArray<(index: number) => string> = [
    // As they are.
    i => `${at(0, region)}${letter(i)}${at(right, region)}${small(i)}\n`,
    // The one before at the margin again, then on by itself into the next row; back by BS, and over a blank.
    i => `${at(right, region - 1)}${small(i - 1)}${letter(i)}${at(right, region)}${small(i)}\b ${small(i)}\n`,
    // Tabs go to the margin and stay there.
    i => `${at(right, region)}${letter(i)}\b\b\t\t${small(i)}${at(1, region)}\b${letter(i)}\n`,
    // LF at the margin.
    i => `${at(right, region)}\n${at(0, region - 1)}${letter(i)}${at(right, region - 1)}${small(i)}`,
  ];
  const shown = Array.from({ length: region }, (_, row) => 26 - region + row);
  return {
    title: 'letters in order at both margins, by wrapping, BS, TAB and LF in a region in origin mode',
    writes: [
      out.scrollRegion(2, region + 2),
      out.setPrivateModes(['origin']),
      times(26, i => ways[i % 4]?.(i) ?? ''),
      out.resetPrivateModes(['origin']),
      out.resetScrollRegion(),
    ].join(''),
    shows: ['', '', ...shown.map(i => letter(i) + small(i).padStart(right))],
    notOn: { tmux: 'BS behind the last column goes to that column, where xterm goes to the one before' },
  };
}

/** vttest's `accordion`: every row is pushed out and drawn in again inside of a region. */
function accordion(size: Size): ScreenFact {
  const { columns, rows } = size;
  return {
    title: 'the first and the last row are left after inserting and deleting lines in the region between',
    writes: [
      times(rows, row => at(0, row) + letter(row % 26).repeat(columns)),
      out.scrollRegion(1, rows - 2) + out.setPrivateModes(['origin']) + out.cursorHome(),
      times(rows, row => out.insertLine(row + 1) + out.deleteLine(row + 1)),
      out.resetPrivateModes(['origin']) + out.resetScrollRegion(),
    ].join(''),
    shows: painted(size, (_column, row) => (row === 0 ? 'A' : row === rows - 1 ? letter((rows - 1) % 26) : ' ')),
  };
}

const scenes: ReadonlyArray<(size: Size) => ScreenFact> = [
  frames,
  margins,
  accordion,
  size => ({
    title: 'three rows of stars: wrapped, and kept in their row without autowrap',
    writes: [
      '*'.repeat(2 * size.columns),
      out.resetPrivateModes(['autoWrap']) + at(0, 2) + '*'.repeat(2 * size.columns),
      out.setPrivateModes(['autoWrap']),
    ].join(''),
    shows: Array.from({ length: 3 }, () => '*'.repeat(size.columns)),
  }),
  size => {
    const stops = Math.floor((size.columns - 4) / 6);
    return {
      title: 'two rows with the same stars: by tab stops set and cleared, and by blanks',
      writes: [
        out.clearAllTabStops(),
        times(2 * stops, () => out.cursorForward(3) + out.setTabStop()),
        `\r${out.cursorForward(3)}`,
        times(stops, () => out.clearTabStop() + out.cursorForward(6)),
        `\r${times(stops, () => '\t*')}`,
        at(1, 1) + times(stops, () => '     *'),
      ].join(''),
      shows: Array.from({ length: 2 }, () => ` ${'     *'.repeat(stops)}`),
    };
  },
  size => ({
    title: 'in origin mode a row out of the region is its last; without it, it is the screen\u2019s',
    writes: [
      out.scrollRegion(size.rows - 2, size.rows - 1) + out.setPrivateModes(['origin']),
      `${at(0, 0)}upper${at(0, 99)}lower`,
      `${out.resetPrivateModes(['origin'])}${at(0, 0)}top${out.resetScrollRegion()}`,
    ].join(''),
    shows: ['top', ...Array.from({ length: size.rows - 3 }, () => ''), 'upper', 'lower'],
  }),
  () => ({
    title: 'a region of two rows keeps the last two that were scrolled into it, up or down',
    writes: [
      at(0, 3) + out.scrollRegion(3, 4) + at(0, 4) + times(29, line => `\nline ${line + 1}\r`),
      out.scrollRegion(10, 11) + at(0, 10) + times(29, line => `${out.reverseIndex()}line ${line + 1}\r`),
      out.resetScrollRegion(),
    ].join(''),
    shows: ['', '', '', 'line 28', 'line 29', '', '', '', '', '', 'line 29', 'line 28'],
  }),
  ({ columns }) => ({
    title: 'A, stars and B: inserted before the B, and then deleted',
    writes: [
      `AB${out.cursorBackward()}${out.setModes(['insert'])}${'*'.repeat(columns - 2)}${out.resetModes(['insert'])}`,
      `${at(0, 1)}A${'*'.repeat(columns - 2)}B${at(1, 1)}${out.deleteCharacter(columns - 2)}`,
    ].join(''),
    shows: [`A${'*'.repeat(columns - 2)}B`, 'AB'],
  }),
  ({ columns }) => ({
    title: 'stairs at the right by deleting characters, and at the left by inserting them',
    writes: [
      times(
        8,
        row => at(0, row) + letter(row).repeat(columns) + at(columns - row - 2, row) + out.deleteCharacter(row + 1),
      ),
      times(8, row => at(0, row + 8) + letter(row).repeat(columns) + at(0, row + 8) + out.insertCharacter(row + 1)),
    ].join(''),
    shows: Array.from({ length: 16 }, (_, row) => {
      const stair = letter(row % 8).repeat(columns - (row % 8) - 1);
      return row < 8 ? stair : stair.padStart(columns);
    }),
  }),
  () => ({
    title: 'a block of A by saving and restoring the cursor, with its style and place',
    writes: times(
      20,
      place => `${at(place % 5, Math.floor(place / 5))}${out.saveCursor()}${at(60, 15)}${out.restoreCursor()}A`,
    ),
    shows: Array.from({ length: 4 }, () => 'AAAAA'),
  }),
];

/** All of them, for a screen of at least 80\u00d724 and at most 32 rows. */
export const vttestScenes = (size: Size): readonly ScreenFact[] => scenes.map(scene => scene(size));
