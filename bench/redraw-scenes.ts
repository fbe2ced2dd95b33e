/** Screens that programs draw, and what they become next: each a pair of pictures. */
import { Canvas } from '../terminal/drawing/canvas.ts';
import { Grid } from '../terminal/drawing/grid.ts';
import { rectangle, type Size } from '../terminal/drawing/rectangle.ts';
import type { Style } from '../terminal/output/style.ts';

export interface Scene {
  readonly name: string;
  readonly before: Grid;
  readonly after: Grid;
}

type Draw = (canvas: Canvas) => void;

const picture = (size: Size, draw: Draw): Grid => {
  const grid = new Grid(size);
  draw(new Canvas(grid));
  return grid;
};

/** Numbers that look random and are the same each time: a linear congruential generator. */
const numbers = (seed: number): ((below: number) => number) => {
  let state = seed;
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
};

const words = 'the quick brown fox jumps over a lazy dog while nobody looks and then again'.split(' ');
const levels: ReadonlyArray<readonly [string, Style]> = [
  ['INFO', { foreground: 'green' }],
  ['WARN', { foreground: 'yellow', bold: true }],
  ['ERROR', { foreground: 'red', bold: true }],
];

function logLine(canvas: Canvas, row: number, number: number): void {
  const random = numbers(number * 7_919 + 1);
  const time = `12:${String(number % 60).padStart(2, '0')}:00.${String(random(1_000)).padStart(3, '0')} `;
  const [level, style] = levels[random(3)] ?? ['', {}];
  let column = canvas.write(0, row, time, { dim: true });
  column += canvas.write(column, row, level.padEnd(6), style);
  canvas.write(column, row, Array.from({ length: 5 + random(20) }, () => words[random(words.length)]).join(' '));
}

const log =
  (first: number): Draw =>
  canvas => {
    const { rows } = canvas;
    for (let row = 0; row < rows; row += 1) logLine(canvas, row, first + row);
  };

const table =
  (selected: number, tick: number): Draw =>
  canvas => {
    const { columns, rows } = canvas;
    canvas.fill({ inverse: true }, ' ', rectangle(0, 0, columns, 1));
    canvas.write(1, 0, 'PID      USER       CPU%    MEM%   COMMAND', { inverse: true, bold: true });
    for (let row = 1; row < rows; row += 1) {
      const random = numbers(row * 31 + (row % 3 === 0 ? tick : 0));
      const style: Style = row === selected ? { background: 24, foreground: 'bright-white' } : {};
      canvas.fill(style, ' ', rectangle(0, row, columns, 1));
      const figures = `${(random(1_000) / 10).toFixed(1).padStart(5)}   ${(random(1_000) / 10).toFixed(1).padStart(5)}`;
      canvas.write(
        1,
        row,
        `${String(1_000 + row * 17).padEnd(8)} user-${row % 5}    ${figures}   program-${row} --option`,
        style,
      );
    }
  };

const chat =
  (first: number): Draw =>
  canvas => {
    const { columns, rows } = canvas;
    const side = columns - 30;
    for (const column of [0, side - 1, side, columns - 1])
      canvas.fill({ dim: true }, '│', rectangle(column, 0, 1, rows - 2));
    for (let row = 0; row < rows - 2; row += 1) {
      logLine(canvas.within(rectangle(2, 0, side - 4, rows)), row, first + row);
      if (row < 20) canvas.write(side + 2, row, `person ${row}`, row % 2 === 0 ? { foreground: 'green' } : {});
    }
    canvas.write(0, rows - 1, '> what is being typed', { bold: true });
  };

const bars = ' ▁▂▃▄▅▆▇█';

const chart =
  (start: number): Draw =>
  canvas => {
    const { columns, rows } = canvas;
    for (let column = 0; column < columns; column += 1) {
      const height = (Math.sin((column + start) / 9) + Math.sin((column + start) / 4) + 2) * (rows - 2) * 2;
      for (let row = 0; row < rows; row += 1) {
        const eighths = Math.round(Math.max(0, Math.min(8, height - (rows - 1 - row) * 8)));
        canvas.write(column, row, bars[eighths] ?? ' ', { foreground: row < rows / 3 ? 'red' : 'cyan' });
      }
    }
  };

const form =
  (typed: string, focused: number): Draw =>
  canvas => {
    for (let field = 0; field < 8; field += 1) {
      canvas.write(60, field * 4 + 8, `field number ${field}`, { bold: true });
      const style: Style = { background: field === focused ? 24 : 236 };
      canvas.fill(style, ' ', rectangle(80, field * 4 + 8, 40, 1));
      canvas.write(80, field * 4 + 8, field === focused ? typed : 'what was here', style);
    }
  };

const asian =
  (start: number): Draw =>
  canvas => {
    const { rows } = canvas;
    const random = numbers(start);
    for (let row = 0; row < rows; row += 1) {
      const line = Array.from({ length: 30 + random(60) }, () => String.fromCodePoint(0x4e00 + random(2_000))).join('');
      canvas.write(0, row, line, row % 4 === 0 ? { foreground: 'blue' } : {});
    }
  };

const tiles =
  (seed: number): Draw =>
  canvas => {
    const { columns, rows } = canvas;
    const random = numbers(seed);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        canvas.write(column, row, random(3) === 0 ? '#' : ' ', { background: random(6) });
      }
    }
  };

const nothing: Draw = () => undefined;

export function scenesOf(size: Size): Scene[] {
  const scene = (name: string, before: Draw, after: Draw): Scene => ({
    name,
    before: picture(size, before),
    after: picture(size, after),
  });
  return [
    scene('a log, drawn from nothing', nothing, log(1)),
    scene('a log, one line further', log(1), log(2)),
    scene('a log, three lines back', log(4), log(1)),
    scene('a chat beside a list, two lines further', chat(1), chat(3)),
    scene('a table, drawn from nothing', nothing, table(4, 0)),
    scene('a table, the next row selected', table(4, 0), table(5, 0)),
    scene('a table, a third of its figures new', table(4, 0), table(4, 1)),
    scene('a chart, drawn from nothing', nothing, chart(0)),
    scene('a chart, one step further', chart(0), chart(1)),
    scene('a form, one letter typed', form('hell', 2), form('hello', 2)),
    scene('a form, the next field focused', form('hello', 2), form('hello', 3)),
    scene('from the log to the table', log(1), table(4, 0)),
    scene('Chinese text, a new page', asian(1), asian(2)),
    scene('coloured tiles, all new', tiles(1), tiles(2)),
  ];
}
