/**
 * How many bytes a picture takes that follows another, against the fewest there are; and how long drawing it takes.
 *
 * `node dist/bench/redraw.js [rounds]`. Times are medians; the marks of synchronized output (16 bytes) are left out.
 */
import { Renderer } from '../terminal/drawing/renderer.ts';
import { median } from './measure.ts';
import { optimum } from './redraw-optimum.ts';
import { scenesOf, type Scene } from './redraw-scenes.ts';

const rounds = Number(process.argv[2] ?? '15');
const abilities = { colours: 16_777_216, underlineStyles: true, synchronizedOutput: true } as const;

function redraw({ before, after }: Scene): { bytes: number; milliseconds: number } {
  const renderer = new Renderer(abilities);
  renderer.render(before);
  const start = performance.now();
  const written = renderer.render(after);
  return {
    milliseconds: performance.now() - start,
    bytes: Buffer.byteLength(written.replace(/\x1b\[\?2026[hl]/g, '')),
  };
}

const cells = (...values: readonly (string | number)[]): string =>
  values.map((value, index) => (index === 0 ? String(value).padEnd(40) : String(value).padStart(10))).join('');

process.stdout.write(`${cells('200×50 cells', 'bytes', 'fewest', 'ratio', 'ms')}\n`);
for (const scene of scenesOf({ columns: 200, rows: 50 })) {
  const results = Array.from({ length: rounds }, () => redraw(scene));
  const bytes = results[0]?.bytes ?? 0;
  const fewest = optimum(scene.before, scene.after);
  const time = median(results.map(({ milliseconds }) => milliseconds));
  process.stdout.write(`${cells(scene.name, bytes, fewest, (bytes / fewest).toFixed(3), time.toFixed(2))}\n`);
}
