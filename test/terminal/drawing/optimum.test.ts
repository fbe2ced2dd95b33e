/** Pictures take at most 1.2 times the bytes that they need: the scenes of `npm run bench:redraw`, smaller. */
import { expect, test } from '@jest/globals';
import { optimum } from '../../../bench/redraw-optimum.ts';
import { scenesOf } from '../../../bench/redraw-scenes.ts';
import { Renderer } from '../../../terminal/drawing/renderer.ts';
import { everyAbility } from './drawn.ts';

const MOST = 1.2;
const marks = /\x1b\[\?2026[hl]/g;

test.each(scenesOf({ columns: 70, rows: 20 }))('$name', ({ before, after }) => {
  const renderer = new Renderer(everyAbility);
  renderer.render(before);
  const bytes = Buffer.byteLength(renderer.render(after).replace(marks, ''));
  expect(bytes).toBeLessThanOrEqual(optimum(before, after) * MOST);
});
