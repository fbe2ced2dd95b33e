/** Whole screens as vttest has them, on @xterm/headless: vttest-scenes.ts, and what can only be seen in cells. */
import { expect, test } from '@jest/globals';
import * as out from '../../../terminal/output/index.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import { vttestScenes } from './vttest-scenes.ts';

const withoutEmptyEnd = (rows: readonly string[]): string[] => rows.join('\n').replace(/\n+$/, '').split('\n');

test.each(vttestScenes({ columns: 80, rows: 24 }).map(scene => [scene.title, scene] as const))(
  '%s',
  (_title, { writes, shows }) => {
    using screen = new ScreenBuffer();
    screen.write(writes);
    expect(withoutEmptyEnd(screen.rows.map(row => row.trimEnd()))).toEqual(withoutEmptyEnd(shows));
  },
);

test('every mixture of bold, underline, blink and inverse is on its place, and on no other', () => {
  using screen = new ScreenBuffer();
  const kinds = ['bold', 'underline', 'blink', 'inverse'] as const;
  const mixtures = Array.from({ length: 16 }, (_, mixture) => kinds.filter((_kind, bit) => mixture & (1 << bit)));
  for (const [row, mixture] of mixtures.entries()) {
    const style = Object.fromEntries(mixture.map(kind => [kind, true]));
    screen.write(`${out.cursorPosition(4, row)}${out.setStyle(style)}x${out.setStyle({})}y`);
  }
  const seen = mixtures.map((_mixture, row) =>
    [4, 5].map(column => Object.keys(screen.cell(column, row).style).sort()),
  );
  expect(seen).toEqual(mixtures.map(mixture => [[...mixture].sort(), []]));
});

// VT100 User Guide, table 3-9: 0x60 to 0x7E. (0x5F is a blank there, and stays `_` in xterm.js.)
const lineDrawing = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·';

test('each character set shows its own signs, by designation and by shifting', () => {
  using screen = new ScreenBuffer();
  const codes = Array.from({ length: 31 }, (_, code) => String.fromCharCode(0x60 + code)).join('');
  screen.write(out.selectCharacterSet('line-drawing', 'G1'));
  for (const [row, set] of (['us', 'uk', 'line-drawing'] as const).entries())
    screen.write(`${out.cursorPosition(0, row)}${out.selectCharacterSet(set, 'G0')}#${codes}`);
  screen.write(
    `${out.cursorPosition(0, 3)}${out.selectCharacterSet('us', 'G0')}#${out.shiftOut()}${codes}${out.shiftIn()}#`,
  );
  expect(screen.rows.slice(0, 4)).toEqual([`#${codes}`, `£${codes}`, `#${lineDrawing}`, `#${lineDrawing}#`]);
});
