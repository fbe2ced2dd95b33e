/** One library paints every scene: `node redraw-peer.js NAME MILLISECONDS`. Prints what it took, as JSON. */
import { argv, cpuUsage, exit, stdout } from 'node:process';
import { ScreenBuffer } from '../terminal/screen/screen-buffer.ts';
import type { Grid } from '../terminal/drawing/grid.ts';
import { Output } from './redraw-output.ts';
import { painters, type Painter, type Picture, type Piece } from './redraw-painters.ts';
import { scenesOf, type Scene } from './redraw-scenes.ts';

const size = { columns: 200, rows: 50 } as const;

/** What one library took for one scene. */
export interface PeerResult {
  readonly scene: string;
  /** For the second picture behind the first. */
  readonly bytes: number;
  /** Milliseconds of processor time for one picture, painting both in turns. */
  readonly cpu: number;
  /** Whether the screen then shows the letters that it should. */
  readonly right: boolean;
}

const [, , name = '', milliseconds = '300'] = argv;
const make = painters[name];
if (!make) throw new Error(`there is no painter ${name}`);
const results: PeerResult[] = [];
for (const scene of scenesOf(size)) results.push(await measure(scene, make));
stdout.write(JSON.stringify(results), () => exit());

async function measure({ name: scene, before, after }: Scene, makePainter: typeof make & {}): Promise<PeerResult> {
  // ink erases the whole terminal when it fills every row
  const output = new Output(name === 'ink' ? { ...size, rows: size.rows + 1 } : size);
  const painter = await makePainter(output);
  const [first, second] = [picture(before), picture(after)];
  await painter(first);
  const start = output.bytes;
  await painter(second);
  const bytes = output.bytes - start;
  const right = isShown(after, output);
  output.kept = undefined;
  await timed(painter, [first, second]); // until it is compiled
  return { scene, bytes, right, cpu: await timed(painter, [first, second]) };
}

async function timed(painter: Painter, pictures: readonly Picture[]): Promise<number> {
  const end = performance.now() + Number(milliseconds);
  const start = cpuUsage();
  let count = 0;
  for (; performance.now() < end || count < 6; count += 2) for (const each of pictures) await painter(each);
  const { user, system } = cpuUsage(start);
  return (user + system) / 1_000 / count;
}

/** The pieces of each row: neighbours in one style are one. */
function picture(grid: Grid): Picture {
  return Array.from({ length: grid.rows }, (_, row) => {
    const pieces: Piece[] = [];
    for (let column = 0; column < grid.columns; column += 1) {
      const { text, style } = grid.at(column, row);
      const last = pieces.at(-1);
      if (last && JSON.stringify(last.style) === JSON.stringify(style))
        pieces[pieces.length - 1] = { text: last.text + text, style };
      else pieces.push({ text, style });
    }
    return pieces;
  });
}

function isShown(grid: Grid, { columns, rows, kept = [] }: Output): boolean {
  using screen = new ScreenBuffer({ columns, rows });
  screen.write(Buffer.concat(kept).toString().replaceAll(/\r?\n/g, '\r\n'));
  const wanted = Array.from({ length: grid.rows }, (_, row) =>
    Array.from({ length: grid.columns }, (_cell, column) => grid.at(column, row).text).join(''),
  );
  const trimmed = (lines: readonly string[]): string =>
    lines
      .map(line => line.trimEnd())
      .join('\n')
      .trimEnd();
  return trimmed(screen.rows) === trimmed(wanted);
}
