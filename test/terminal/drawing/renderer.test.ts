/** Every picture ends up on the screen of a terminal as it was drawn, whatever was there before, in few bytes. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import type { Canvas } from '../../../terminal/drawing/canvas.ts';
import type { Grid } from '../../../terminal/drawing/grid.ts';
import { Renderer } from '../../../terminal/drawing/renderer.ts';
import type { Style } from '../../../terminal/output/style.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import { drawn, everyAbility } from './drawn.ts';

const [columns, rows] = [24, 4];

/** The bytes for the last of `pictures`, shown after the others, with ESC for 0x1b. */
function bytesFor(...pictures: Array<(canvas: Canvas) => void>): string {
  const renderer = new Renderer({ ...everyAbility, synchronizedOutput: false });
  const written = pictures.map(draw => renderer.render(drawn(columns, rows, draw)));
  return (written.at(-1) ?? '').replaceAll('\x1b', 'ESC ');
}

const text =
  (...lines: string[]) =>
  (canvas: Canvas): void =>
    lines.forEach((line, row) => void canvas.write(0, row, line));

// what was there · what is to be there · what is sent
const facts: Array<[title: string, pictures: Array<(canvas: Canvas) => void>, sent: string]> = [
  ['nothing for the same picture', [text('hello'), text('hello')], ''],
  ['the first picture starts by erasing', [text('a')], 'ESC [2JESC [Ha'],
  ['one letter, where it stands', [text('hello'), text('jello')], '\rj'],
  ['a letter in between is written again, as that is shorter than a jump', [text('abcde'), text('xbxde')], '\rxbx'],
  ['a wide gap is jumped over', [text('a234567890b'), text('x234567890y')], '\rxESC [9Cy'],
  ['a style only where it changes', [text(), c => c.write(0, 0, 'ab', { bold: true })], 'ESC [HESC [1mabESC [m'],
  ['the end of a row is erased at once', [text('ab, a long line'), text('ab')], 'ESC [3GESC [K'],
  ['but not for one character', [text('abc'), text('ab')], '\b '],
  ['a long hole is erased', [text('ab34567890123456789b'), text('a                  b')], 'ESC [2GESC [18X'],
  ['the next row begins with CR LF', [text('', 'a'), text('x', 'b')], 'ESC [Hx\r\nb'],
];

test.each(facts)('%s', (_title, pictures, sent) => {
  expect(bytesFor(...pictures)).toBe(sent);
});

const styles: readonly Style[] = [
  {},
  { bold: true },
  { dim: true, italic: true },
  { inverse: true },
  { underline: true, foreground: 'red' },
  { background: 'blue' },
  { background: 'blue', foreground: 'bright-white', bold: true },
  { foreground: 200 },
  { foreground: '#102030', background: '#405060', strikethrough: true },
];
const words = ['a', 'hello', ' ', '          ', '日本', 'é', 'e\u0301', '─│', '', 'abcdefghijklmnopqrstuvwxyz', 'x'];

const strokes = fc.array(
  fc.record({
    column: fc.integer({ min: -3, max: columns }),
    row: fc.integer({ min: 0, max: rows - 1 }),
    word: fc.constantFrom(...words),
    style: fc.constantFrom(...styles),
  }),
  { maxLength: 12 },
);
const pictures = fc.array(strokes, { minLength: 1, maxLength: 5 });

const paint = (list: Array<{ column: number; row: number; word: string; style: Style }>): Grid =>
  drawn(columns, rows, canvas => {
    for (const { column, row, word, style } of list) canvas.write(column, row, word, style);
  });

/** Each cell as a line, as the screen shows it and as it was drawn. A blank is '' where nothing was written. */
function expectShown(screen: ScreenBuffer, grid: Grid): void {
  const [shown, wanted]: [string[], string[]] = [[], []];
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      const { text: grapheme, width, style } = grid.at(column, row);
      if (width === 0) continue;
      const cell = screen.cell(column, row);
      wanted.push(described(column, row, grapheme, screenStyle(style)));
      shown.push(described(column, row, cell.text || ' ', cell.style));
    }
  }
  expect(shown).toEqual(wanted);
}

/** Of a blank without lines, only the background is seen. */
function described(column: number, row: number, grapheme: string, style: Style): string {
  const { inverse, underline, strikethrough, background } = style;
  const seen = grapheme !== ' ' || inverse || underline || strikethrough ? style : background ? { background } : {};
  return `${column},${row} ${grapheme} ${JSON.stringify(Object.entries(seen).sort())}`;
}

const numbers: Readonly<Record<string, number>> = { red: 1, blue: 4, 'bright-white': 15 };

/** As a screen tells a style: colours as numbers, underlines by name. */
const screenStyle = (style: Style): Style =>
  Object.fromEntries(
    Object.entries(style).map(([name, value]) => [
      name,
      name === 'underline' ? 'single' : (numbers[String(value)] ?? (value as unknown)),
    ]),
  );

describe('any picture after any other', () => {
  test.each([true, false])('is on the screen as it was drawn (synchronized output: %s)', synchronizedOutput => {
    fc.assert(
      fc.property(pictures, lists => {
        using screen = new ScreenBuffer({ columns, rows });
        screen.write('what was there before\x1b[?25l');
        const renderer = new Renderer({ ...everyAbility, synchronizedOutput });
        for (const list of lists) {
          const grid = paint(list);
          screen.write(renderer.render(grid));
          expectShown(screen, grid);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('leaves the cursor where it was asked to', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.integer({ min: 0, max: columns - 1 }),
        fc.integer({ min: 0, max: rows - 1 }),
        (lists, column, row) => {
          using screen = new ScreenBuffer({ columns, rows });
          const renderer = new Renderer(everyAbility);
          for (const list of lists) screen.write(renderer.render(paint(list), { column, row }));
          expect(screen.cursor).toMatchObject({ column, row });
        },
      ),
      { numRuns: 50 },
    );
  });
});

const lines = fc.array(
  fc.record({
    word: fc.constantFrom(
      ...words,
      '日本語日本語日本語日本',
      'x日本語日本語日本語日本y',
      'the end at the edge 日本',
      '👍 launched',
    ),
    style: fc.constantFrom(...styles),
    number: fc.nat(40),
  }),
  { minLength: 16, maxLength: 16 },
);
const movements = fc.array(
  fc.record({ top: fc.nat(14), height: fc.integer({ min: 2, max: 16 }), by: fc.integer({ min: -9, max: 9 }), strokes }),
  { minLength: 1, maxLength: 6 },
);

describe('rows that move', () => {
  const [wide, tall] = [24, 16];

  test('are on the screen as they were drawn, whatever else has changed', () => {
    let moved = 0;
    fc.assert(
      fc.property(lines, movements, fc.boolean(), (list, steps, larger) => {
        // a screen may be larger than what is drawn on it
        using screen = new ScreenBuffer({ columns: wide, rows: larger ? tall + 3 : tall });
        const renderer = new Renderer(everyAbility);
        let shown = [...list];
        for (const { top, height, by, strokes: over } of [{ top: 0, height: 2, by: 0, strokes: [] }, ...steps]) {
          const region = shown.slice(top, top + height);
          const from = region.map((_, row) => region[row + by] ?? { word: '', style: {}, number: 0 });
          shown = [...shown.slice(0, top), ...from, ...shown.slice(top + height)];
          const grid = drawn(wide, tall, canvas => {
            for (const [row, { word, style, number }] of shown.entries()) {
              const end = canvas.write(0, row, `${number} ${word}`, style);
              if (number % 2 === 0) canvas.write(end, row, ' and more of it', { dim: true });
            }
            for (const { column, row, word, style } of over) canvas.write(column, row, word, style);
          });
          const bytes = renderer.render(grid);
          if (/\x1b\[\d*[LM]/.test(bytes)) moved += 1;
          screen.write(bytes);
          expectShown(screen, grid);
          expect(screen.rows.slice(tall).join('').trim()).toBe('');
        }
      }),
      { numRuns: 40, seed: 7 },
    );
    expect(moved).toBeGreaterThan(10); // else nothing was tested
  });

  const log = (first: number, from = 0, to = tall) =>
    drawn(wide, tall, canvas => {
      for (let row = 0; row < tall; row += 1) {
        const number = row >= from && row < to ? first + row : row;
        canvas.write(0, row, `${String(number * 7_919).padEnd(6)} line number ${number}`);
      }
    });
  // from what to what · what is sent first
  test.each([
    ['up, on the whole screen', log(0), log(1), 'ESC [HESC [1M'],
    ['up by several', log(0), log(3), 'ESC [HESC [3M'],
    ['down', log(3), log(0), 'ESC [14HESC [3MESC [HESC [3L'],
    ['up, between rows that stay', log(0, 3, 12), log(1, 3, 12), 'ESC [4HESC [1MESC [9BESC [1L'],
    ['down, between rows that stay', log(1, 3, 12), log(0, 3, 12), 'ESC [12HESC [1MESC [4HESC [1L'],
  ])('are moved by the terminal: %s', (_title, before, after, sent) => {
    const renderer = new Renderer({ ...everyAbility, synchronizedOutput: false });
    renderer.render(before, { column: 20, row: 7 });
    const bytes = renderer.render(after, { column: 20, row: 7 }).replaceAll('\x1b', 'ESC ').replace('ESC [?25l', '');
    expect(bytes.slice(0, sent.length)).toBe(sent);
    expect(bytes.length).toBeLessThan(140);
  });
});

describe('characters about whose width terminals disagree', () => {
  test('do not move what stands behind them, on a terminal that thinks them narrow', () => {
    using screen = new ScreenBuffer({ columns, rows });
    const renderer = new Renderer(everyAbility);
    screen.write(renderer.render(drawn(columns, rows, text('0123456789', '0123456789'))));
    screen.write(renderer.render(drawn(columns, rows, text('a👩‍🚀b', '👍🏽c'))));
    expect([screen.cell(3, 0).text, screen.cell(2, 1).text]).toEqual(['b', 'c']);
    screen.write(renderer.render(drawn(columns, rows, text('abcdef', 'abcdef'))));
    expect(screen.rows.slice(0, 2)).toEqual(['abcdef', 'abcdef']);
  });
});

test('a picture of more styles than are remembered is shown as any other', () => {
  using screen = new ScreenBuffer({ columns, rows });
  const renderer = new Renderer(everyAbility);
  for (let shade = 0; shade < 25; shade += 1) {
    const grid = drawn(columns, rows, canvas => {
      for (let cell = 0; cell < columns * rows; cell += 1) {
        const background = `#${((shade % 24) * columns * rows + cell).toString(16).padStart(6, '0')}` as const;
        canvas.write(cell % columns, Math.floor(cell / columns), 'x', { background });
      }
    });
    screen.write(renderer.render(grid));
    expectShown(screen, grid);
  }
});

describe('the cursor', () => {
  const picture = drawn(columns, rows, text('hello'));

  test('is shown with the first place that it has, and hidden with none', () => {
    const renderer = new Renderer(everyAbility);
    renderer.render(picture);
    expect(renderer.render(picture, { column: 0, row: 0 })).toBe('\r\x1b[?25h');
    expect(renderer.render(picture, { column: 1, row: 0 })).toBe('\x1b[1C');
    expect(renderer.render(picture)).toBe('\x1b[?25l');
  });
});

test('a long picture is shown at once by terminals that can do so', () => {
  const renderer = new Renderer(everyAbility);
  const bytes = renderer.render(drawn(80, 24, canvas => canvas.fill({}, '#')));
  expect(bytes).toMatch(/^\x1b\[\?2026h[^]*\x1b\[\?2026l$/);
});

test('a screen of another size starts anew', () => {
  const renderer = new Renderer(everyAbility);
  renderer.render(drawn(columns, rows, text('hello')));
  expect(renderer.render(drawn(columns + 1, rows, text('hello')))).toBe('\x1b[2J\x1b[Hhello');
});
