/** Changing a style: as on a terminal that was told the whole of it, and never longer. */
import { expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { changeStyle } from '../../../terminal/output/style-change.ts';
import { setStyle, type Style, type StyleAbilities } from '../../../terminal/output/style.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';

// from · to · what is sent
const facts: Array<[from: Style, to: Style, sent: string]> = [
  [{}, {}, ''],
  [{}, { bold: true }, '\x1b[1m'],
  [{ bold: true }, {}, '\x1b[m'],
  [{ bold: true }, { dim: true }, '\x1b[0;2m'],
  [{ bold: true }, { bold: true, dim: true }, '\x1b[2m'],
  [{ bold: true, foreground: '#102030' }, { foreground: '#102030' }, '\x1b[22m'],
  [{ foreground: 'red' }, { foreground: 'blue' }, '\x1b[34m'],
  [{ foreground: 'red' }, { foreground: 'default' }, '\x1b[m'],
  [{ foreground: 1, background: 200 }, { background: 200 }, '\x1b[39m'],
  [{ underline: true }, { underline: 'single' }, ''],
  [{ underline: 'curly' }, { underline: true }, '\x1b[4m'],
];

test.each(facts)('from %j to %j sends %j', (from, to, sent) => {
  expect(changeStyle(from, to)).toBe(sent);
});

test('colours that the terminal shows alike need no change', () => {
  const eight: StyleAbilities = { colours: 8, underlineStyles: false };
  expect(changeStyle({ foreground: '#cd0000' }, { foreground: 'red' }, eight)).toBe('');
  expect(changeStyle({ foreground: 'red' }, { foreground: 'blue' }, { ...eight, colours: 0 })).toBe('');
});

const colour = fc.constantFrom<Style['foreground']>(undefined, 'red', 'bright-blue', 200, '#102030', 'default');
const on = fc.constantFrom(undefined, true, false);
const style = fc
  .record({
    bold: on,
    dim: on,
    italic: on,
    inverse: on,
    overline: on,
    underline: on,
    foreground: colour,
    background: colour,
  })
  .map(all => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Style);

test('a changed style looks as one that was set whole, and is not longer', () => {
  fc.assert(
    fc.property(style, style, (from, to) => {
      using screen = new ScreenBuffer({ columns: 4, rows: 1 });
      screen.write(`${setStyle(from)}a${changeStyle(from, to)}b${setStyle(to)}c`);
      expect({ ...screen.cell(1, 0), text: 'c' }).toEqual(screen.cell(2, 0));
      expect(changeStyle(from, to).length).toBeLessThanOrEqual(setStyle(to).length);
    }),
    { numRuns: 300 },
  );
});
