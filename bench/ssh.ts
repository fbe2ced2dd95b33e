/**
 * nacre beside OpenSSH's sshd, Dropbear, Twisted Conch and asyncssh, on this machine, in the same run.
 *
 * `npm run bench` measures all of it, `npm run bench -- --quick` a little of everything; `--only TEXT` takes the rows
 * and `--servers a,b` the servers that are named. Rounds are interleaved, so that what slows the machine slows all;
 * figures are medians. The table goes to standard output, all samples to bench/results/ (not kept in git).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median } from './measure.ts';
import { machine, saveResults } from './results.ts';
import { buildLoad } from './ssh-load.ts';
import { metrics, warmUp, type Effort, type Metric } from './ssh-metrics.ts';
import { kinds, makeKeys, start, type RunningServer } from './ssh-servers.ts';
import { markdown, type Samples } from './ssh-table.ts';

/** A server that hangs has no figure, and the others have. */
const MEASURE_DEADLINE_MS = 60_000;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', default: '' },
    servers: { type: 'string', default: '' },
  },
});

const full: Effort = {
  rounds: 5,
  seconds: 2,
  bulkMiB: 512,
  keystrokes: 400,
  idleConnections: 200,
  shells: 100,
  busySessions: 200,
  stallSeconds: 5,
};
const quick: Effort = {
  rounds: 1,
  seconds: 0.5,
  bulkMiB: 64,
  keystrokes: 100,
  idleConnections: 50,
  shells: 10,
  busySessions: 40,
  stallSeconds: 2,
};
const chosen = values.quick ? quick : full;
const effort = { ...chosen, rounds: Number(values.rounds ?? chosen.rounds) };

const wanted = metrics.filter(({ rows }) => rows.some(({ name }) => name.includes(values.only)));
const named = values.servers === '' ? kinds : kinds.filter(({ name }) => values.servers.split(',').includes(name));
for (const { name, remedy } of named.filter(kind => !kind.isInstalled())) tell(`without ${name}: ${remedy}`);

buildLoad();
const keys = makeKeys();
const servers: RunningServer[] = [];
for (const kind of named.filter(kind => kind.isInstalled())) servers.push(await start(kind, keys));
for (const server of servers) await warmUp(server).catch((error: unknown) => failed(server, error));

const samples: Samples = new Map();
for (let round = 1; round <= effort.rounds; round += 1) {
  for (const metric of wanted) {
    const begin = performance.now();
    for (const server of servers) await measure(metric, server);
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    tell(`round ${round} of ${effort.rounds}: ${metric.rows[0]?.name ?? ''}, ${seconds} s`);
  }
}

const versions = Object.fromEntries(servers.map(({ kind }) => [kind.name, kind.version()]));
const rows = wanted.flatMap(metric => metric.rows);
process.stdout.write(markdown(rows, versions, samples, { machine, rounds: effort.rounds }));
save();
process.exit(0);

async function measure(metric: Metric, server: RunningServer): Promise<void> {
  if (metric.cipher !== '' && !server.kind.ciphers.includes(metric.cipher)) return;
  const late = sleep(MEASURE_DEADLINE_MS, undefined, { ref: false }).then(() => {
    throw new Error(`did not come to an end with ${metric.rows[0]?.name ?? ''}`);
  });
  const figures = await Promise.race([metric.measure(server, effort), late]).catch((error: unknown) => {
    failed(server, error);
    return {};
  });
  for (const [row, figure] of Object.entries(figures)) {
    const ofRow = samples.get(row) ?? new Map<string, number[]>();
    samples.set(row, ofRow);
    ofRow.set(server.kind.name, [...(ofRow.get(server.kind.name) ?? []), figure]);
  }
}

function save(): void {
  const results = rows.map(({ name, unit }) => {
    const all = Object.fromEntries(samples.get(name) ?? []);
    const medians = Object.fromEntries(Object.entries(all).map(([server, figures]) => [server, median(figures)]));
    return { name, unit, medians, samples: all };
  });
  const file = saveResults({ machine, versions, effort, results });
  tell(`all samples are in ${file}`);
}

function failed(server: RunningServer, error: unknown): void {
  tell(`${server.kind.name}: ${String(error)}`);
}

function tell(what: string): void {
  process.stderr.write(`${what}\n`);
}
