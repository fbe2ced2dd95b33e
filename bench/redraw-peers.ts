/**
 * What redraws take in nacre, ink, blessed and terminal-kit: the same scenes, in the same run, 200×50 cells.
 *
 * `node dist/bench/redraw-peers.js [rounds] [milliseconds]`. Each library has a process of its own in each round; rounds
 * are interleaved, figures are medians. The table goes to standard output, all samples to bench/results/ (not in git).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from './measure.ts';
import { painters, versionOf } from './redraw-painters.ts';
import type { PeerResult } from './redraw-peer.ts';

const [, , rounds = '5', milliseconds = '300'] = process.argv;
const libraries = ['ink', 'blessed', 'terminal-kit'].map(name => [name, versionOf(name)] as const);
if (libraries.some(([, version]) => version === undefined)) {
  process.stderr.write('not installed: npm install --prefix bench/peers --ignore-scripts\n');
  process.exit(1);
}

const child = fileURLToPath(new URL('redraw-peer.js', import.meta.url));
/** Colours as on a terminal that has them all, and no library in the mode that it has for CI. */
const { CI: _ci, ...inherited } = process.env;
const env = {
  ...inherited,
  FORCE_COLOR: '3',
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  NODE_ENV: 'production',
  LANG: 'C.UTF-8',
};
const samples = new Map(Object.keys(painters).map(name => [name, new Array<PeerResult[]>()]));
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [name, results] of samples)
    results.push(
      JSON.parse(
        execFileSync(process.execPath, [child, name, milliseconds], { env, encoding: 'utf8', stdio: 'pipe' }),
      ) as PeerResult[],
    );
}

const names = [...samples.keys()];
const scenes = (samples.get('nacre')?.[0] ?? []).map(({ scene }) => scene);
const resultsOf = (name: string, scene: string): PeerResult[] =>
  (samples.get(name) ?? []).flatMap(round => round.filter(result => result.scene === scene));

const table = (title: string, figure: (results: PeerResult[]) => string): string => {
  const lines = scenes.map(scene => [scene, ...names.map(name => figure(resultsOf(name, scene)))]);
  const rows = [[title, ...names], ['---', ...names.map(() => '---:')], ...lines];
  return rows.map(row => `| ${row.join(' | ')} |\n`).join('');
};
const machine = `${cpus().length} × ${cpus()[0]?.model ?? ''}, Node ${process.versions.node}`;
const versions = libraries.map(([name, version]) => `${name} ${version}`).join(', ');
process.stdout.write(`${versions}; ${machine}; ${rounds} interleaved rounds.\n\n`);
const bytes = ([result]: PeerResult[]): string =>
  result ? `${result.bytes}${result.right ? '' : ' (not the same)'}` : '–';
process.stdout.write(table('bytes', bytes));
process.stdout.write('\n');
process.stdout.write(table('ms of processor', results => median(results.map(({ cpu }) => cpu)).toFixed(2)));

const folder = fileURLToPath(new URL('../../bench/results/', import.meta.url));
mkdirSync(folder, { recursive: true });
const report = { date: new Date().toISOString(), machine, versions, samples: Object.fromEntries(samples) };
writeFileSync(`${folder}redraw-peers.json`, JSON.stringify(report, undefined, 2));
