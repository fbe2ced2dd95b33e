/**
 * Holds docs/twisted.md to the lists of differences: each is a row. `WRITE_DOCS=1` writes the rows instead, after which
 * the page is to be read again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { allDifferences } from './all-differences.ts';
import { loadCases, type Difference } from './vectors.ts';

const page = new URL('../../docs/twisted.md', import.meta.url);

/** What stands between these is written by this test. */
const generated = /(?<=<!-- differences -->\n)[^]*(?=<!-- end of differences -->)/;

const row = ({ twisted, nacre, why, cases }: Difference): string =>
  `| ${[twisted, nacre, why, cases.length].map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

const table = ([title, differences]: (typeof allDifferences)[number]): string =>
  [`### ${title}`, '', '| Twisted | nacre | why | cases |', '| --- | --- | --- | ---: |', ...differences.map(row)].join(
    '\n',
  );

test('docs/twisted.md shows every difference that the golden cases have, and no other', () => {
  const text = readFileSync(page, 'utf8');
  const wanted = `\n${allDifferences.map(table).join('\n\n')}\n\n`;
  if (process.env['WRITE_DOCS'])
    writeFileSync(
      page,
      text.replace(generated, () => wanted),
    );
  else expect(generated.exec(text)?.[0]).toBe(wanted);
});

test('the page says how many scripts are played', () => {
  const played = [...loadCases('transport.json'), ...loadCases('realio.json')].length;
  expect(readFileSync(page, 'utf8')).toContain(`${played} scripts`);
});

test('every difference says what, what instead, and why, and has a case', () => {
  const all = allDifferences.flatMap(([, differences]) => differences);
  const silent = all.filter(({ twisted, nacre, why, cases }) => !twisted || !nacre || !why || cases.length === 0);
  expect(silent).toEqual([]);
});
