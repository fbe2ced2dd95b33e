/** Pictures one after the other, with rows that move and wide characters cut at edges, as a real terminal (tmux) shows them. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import type { Grid } from '../../terminal/drawing/grid.ts';
import { Renderer } from '../../terminal/drawing/renderer.ts';
import { reset } from '../../terminal/output/index.ts';
import { drawn, everyAbility, rowsOf } from '../terminal/drawing/drawn.ts';
import { has } from './missing.ts';
import { Screen } from './screen.ts';

const tmux = { name: 'tmux', packages: 'tmux', isInstalled: () => existsSync('/usr/bin/tmux') };
const [columns, rows] = [100, 30];
const COUNT = 60;

/** Shows each file whose name is typed, unechoed and with nothing added. */
const show = 'stty -echo -opost; while IFS= read -r name; do cat "$name"; done';

const words = ['plain words', '日本語の行です', 'é à ü', '│ a box │', 'x'.repeat(120), '日本'.repeat(30), ''];
const steps = fc.array(
  fc.record({
    top: fc.nat(rows - 2),
    height: fc.integer({ min: 2, max: rows }),
    by: fc.constantFrom(-9, -2, -1, 1, 2, 3),
    column: fc.integer({ min: -3, max: columns }),
    row: fc.nat(rows - 1),
    word: fc.constantFrom(...words),
  }),
  { minLength: COUNT, maxLength: COUNT },
);

/** The same pictures each time; each is the one before with some rows moved and something written over. */
function pictures(): Grid[] {
  const [list = []] = fc.sample(steps, { numRuns: 1, seed: 11 });
  let lines = Array.from(
    { length: rows },
    (_, row) => `${(row * 7_919_919 + 1).toString(2)} ${words[row % words.length]}`,
  );
  return list.map(({ top, height, by, column, row, word }, index) => {
    const region = lines.slice(top, top + height);
    const moved = region.map(
      (_, at) => region[at + by] ?? `new in ${index} ${index % 2 === 0 ? 'and that is all' : '日本語'}`,
    );
    lines = [...lines.slice(0, top), ...moved, ...lines.slice(top + height)];
    return drawn(columns, rows, canvas => {
      for (const [at, line] of lines.entries()) canvas.write(0, at, line, at % 3 === 0 ? { background: 'blue' } : {});
      canvas.write(column, row, word, { bold: true });
    });
  });
}

function facts(): void {
  let home: string;
  let screen: Screen;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'nacre-pictures-'));
    screen = new Screen({ file: 'bash', args: ['--norc', '-c', show] }, home);
  });
  afterAll(() => {
    screen[Symbol.dispose]();
    rmSync(home, { recursive: true, force: true });
  });

  test('each is there as it was drawn', async () => {
    const renderer = new Renderer(everyAbility);
    let moved = 0;
    let before = `${reset()}\x1b[?25l`;
    for (const [index, grid] of pictures().entries()) {
      const bytes = before + renderer.render(grid);
      before = '';
      if (/\x1b\[\d*[LM]/.test(bytes)) moved += 1;
      const file = join(home, `picture-${index}`);
      writeFileSync(file, bytes);
      screen.enter(file);
      await screen.untilRows(rowsOf(grid));
    }
    expect(moved).toBeGreaterThan(COUNT / 4); // else nothing was tested
  });
}

describe('on the screen of tmux', () => {
  if (has(tmux)) facts();
});
