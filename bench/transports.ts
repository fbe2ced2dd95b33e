/**
 * Throughput and allocations of each transport beside the Node primitive that it wraps, in the same run.
 *
 * `npm run bench:transports -- [MiB] [rounds] [name]`. Rounds are interleaved, so that what slows the machine slows both; figures
 * are medians. Both ends run in this process: the ratio is what counts, absolute figures depend on the machine.
 */
import pc from 'picocolors';
import { allocations, median, throughput, type Transfer } from './measure.ts';
import { subjects } from './subjects.ts';

const [megabytes = '128', rounds = '7', chosen = ''] = process.argv.slice(2);
const bytes = Number(megabytes) * 1024 * 1024;

interface Figures {
  readonly speed: number;
  readonly allocated: number;
}

process.stdout.write(`${megabytes} MiB in chunks of 64 KiB, medians of ${rounds} interleaved rounds\n\n`);
process.stdout.write(pc.bold(row('', 'MiB/s', '', '', 'heap KiB per MiB', '')));
process.stdout.write(pc.bold(row('transport / primitive', 'nacre', 'bare', 'ratio', 'nacre', 'bare')));
for (const { name, ours, bare } of subjects.filter(({ name }) => name.includes(chosen))) {
  const [here, there] = await compare(ours, bare);
  const ratio = here.speed / there.speed;
  const colour = ratio >= 0.9 ? pc.green : pc.yellow;
  const figures = [here.speed.toFixed(0), there.speed.toFixed(0), colour(ratio.toFixed(2).padStart(9))];
  process.stdout.write(row(name, ...figures, here.allocated.toFixed(1), there.allocated.toFixed(1)));
}

async function compare(ours: Transfer, bare: Transfer): Promise<readonly [Figures, Figures]> {
  const speeds: [number[], number[]] = [[], []];
  for (const transfer of [ours, bare]) await transfer(bytes / 4); // what is compiled once is compiled now
  for (let round = 0; round < Number(rounds); round += 1) {
    speeds[0].push(await throughput(ours, bytes));
    speeds[1].push(await throughput(bare, bytes));
  }
  return [
    { speed: median(speeds[0]), allocated: await allocations(ours, bytes) },
    { speed: median(speeds[1]), allocated: await allocations(bare, bytes) },
  ];
}

function row(name: string, ...columns: readonly string[]): string {
  return `${name.padEnd(36)}${columns.map((column, index) => column.padStart(index < 3 ? 9 : 18)).join('')}\n`;
}
