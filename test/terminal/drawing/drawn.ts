/** Pictures for tests: what a grid says a screen shows, and what an emulator shows. */
import { Canvas } from '../../../terminal/drawing/canvas.ts';
import { Grid } from '../../../terminal/drawing/grid.ts';
import type { RendererAbilities } from '../../../terminal/drawing/renderer.ts';

export const everyAbility: RendererAbilities = {
  colours: 16_777_216,
  underlineStyles: true,
  synchronizedOutput: true,
};

/** The rows of a grid as text, without the blanks at their ends. */
export const rowsOf = (grid: Grid): string[] =>
  Array.from({ length: grid.rows }, (_, row) =>
    Array.from({ length: grid.columns }, (_cell, column) => grid.at(column, row).text)
      .join('')
      .trimEnd(),
  );

/** A grid of `columns`×`rows` on which `draw` has drawn. */
export function drawn(columns: number, rows: number, draw: (canvas: Canvas) => void): Grid {
  const grid = new Grid({ columns, rows });
  draw(new Canvas(grid));
  return grid;
}
