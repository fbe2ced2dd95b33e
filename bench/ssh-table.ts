/** The table of the bench, as Markdown: it is read on a terminal and stands in docs/performance.md. */
import { median } from './measure.ts';
import type { Metric } from './ssh-metrics.ts';

type Row = Metric['rows'][number];

/** By row, then by server. */
export type Samples = Map<string, Map<string, readonly number[]>>;

export function markdown(
  rows: readonly Row[],
  versions: Readonly<Record<string, string>>,
  samples: Samples,
  { machine, rounds }: { readonly machine: string; readonly rounds: number },
): string {
  const servers = Object.keys(versions);
  const header = ['', 'unit', ...servers, 'nacre / sshd', 'target'];
  const lines = rows.map(row => {
    const figures = servers.map(server => median(samples.get(row.name)?.get(server) ?? []));
    const byName = new Map(servers.map((server, index) => [server, figures[index] ?? NaN]));
    const ratio = (byName.get('nacre') ?? NaN) / (byName.get('sshd') ?? NaN);
    return [
      row.name,
      row.unit,
      ...figures.map(rounded),
      rounded(ratio),
      verdict(row, ratio, byName.get('nacre') ?? NaN),
    ];
  });
  const said = servers.map(server => `${server} (${versions[server] ?? ''})`).join(', ');
  return `${said}; ${machine}; medians of ${rounds} interleaved rounds.\n\n${table([header, ...lines])}`;
}

function table([header = [], ...lines]: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map(line => line[column]?.length ?? 0), 3));
  const written = (line: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(line[column] ?? '', width, column)).join(' | ')} |\n`;
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [header, rule, ...lines].map(written).join('');
}

const pad = (text: string, width: number, column: number): string =>
  column < 2 ? text.padEnd(width) : text.padStart(width);

/** Three digits that say something. */
function rounded(figure: number): string {
  if (!Number.isFinite(figure)) return '–';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(figure), 0.001))));
  return figure.toFixed(Math.min(digits, 3));
}

function verdict({ better, ratio: wanted, most }: Row, ratio: number, figure: number): string {
  if (most !== undefined) return `≤ ${most}: ${figure <= most ? 'met' : 'missed'}`;
  if (wanted === undefined || !Number.isFinite(ratio)) return '';
  const met = better === 'more' ? ratio >= wanted : ratio <= wanted;
  return `${better === 'more' ? '≥' : '≤'} ${wanted}: ${met ? 'met' : 'missed'}`;
}
