/**
 * What the stock ssh2 server gets wrong, and ours does not: each scenario runs against both, which proves that it can
 * fail. docs/regressions.md lists them; the last test here holds the list to the tables.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { channelFindings } from './channel-findings.ts';
import { handshakeFindings } from './handshake-findings.ts';
import { loginFindings } from './login-findings.ts';
import { startNacre } from './nacre-subject.ts';
import { requestFindings } from './request-findings.ts';
import { startStockChild } from './stock-child.ts';
import { startStock } from './stock-subject.ts';
import { patience, type Finding } from './subject.ts';

const findings: readonly Finding[] = [...handshakeFindings, ...loginFindings, ...requestFindings, ...channelFindings];

const title = ({ when }: Finding): string => `when ${when}`;

describe('stock ssh2, the defect', () => {
  for (const finding of findings) {
    test(`${title(finding)}: ${finding.onStock}`, async () => {
      const subject = finding.dangerous ? await startStockChild() : await startStock(finding.behaviour?.() ?? {});
      const waits = finding.silent ? patience.brief : patience.long;
      expect(await finding.scenario({ ...subject, patience: waits })).toBe(finding.onStock);
    });
  }
});

describe('nacre', () => {
  for (const finding of findings) {
    test(`${title(finding)}: ${finding.onOurs}`, async () => {
      expect(await finding.scenario(await startNacre(finding.behaviour?.() ?? {}))).toBe(finding.onOurs);
    });
  }
});

describe('docs/regressions.md', () => {
  const textOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const [here = [], elsewhere = []] = textOf('docs/regressions.md')
    .split('## Shown elsewhere')
    .map(part => part.split('\n').filter(line => line.startsWith('| §')));

  test('has one row for each finding, in the order of the tables', () => {
    expect(here).toEqual(findings.map(rowOf));
  });

  test('every file that it names exists', () => {
    for (const { where } of findings) expect(textOf(where)).not.toBe('');
  });

  test('every test that it finds elsewhere is there', () => {
    const missing = elsewhere.filter(row => {
      const [, , , title = '', file = ''] = row.split('|').map(cell => cell.trim());
      return !textOf(file.replaceAll('`', '')).includes(title);
    });
    expect([missing, elsewhere.length > 0]).toEqual([[], true]);
  });
});

function rowOf(finding: Finding): string {
  const { section, onStock, onOurs, where } = finding;
  return `| ${section} | ${title(finding)} | ${onStock} | ${onOurs} | \`${where}\` |`;
}
