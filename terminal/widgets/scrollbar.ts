/** Where one is in something longer than its place: a mark in the last column. Nothing where all can be seen. */
import type { Canvas } from '../drawing/canvas.ts';
import { rectangle } from '../drawing/rectangle.ts';
import type { Style } from '../output/style.ts';

export interface Scrolled {
  readonly first: number;
  readonly shown: number;
  readonly count: number;
}

export const needsScrollbar = ({ shown, count }: Scrolled): boolean => count > shown && shown >= 1;

export function drawScrollbar(canvas: Canvas, style: Style, scrolled: Scrolled): void {
  if (!needsScrollbar(scrolled)) return;
  const { first, shown, count } = scrolled;
  const length = Math.max(1, Math.round((shown * shown) / count));
  const start = Math.round((first * (shown - length)) / (count - shown));
  const column = canvas.columns - 1;
  canvas.fill(style, '│', rectangle(column, 0, 1, shown));
  canvas.fill(style, '┃', rectangle(column, start, 1, length));
}
