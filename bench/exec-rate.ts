/**
 * How many commands a second one open SSH connection runs, one after the other: sshd beside nacre with a process host,
 * with `programs: direct`, and as `nacre serve` has it where native/ has been built; and each of those with a server that
 * has 1 GiB more on its heap.
 *
 * All servers run at once and take turns, so that what slows the machine slows all. What counts is the ratio to sshd in
 * the same run, and to the same server without the heap.
 */
import { median } from './measure.ts';
import { buildLoad, rate } from './ssh-load.ts';
import { GCM, kinds, makeKeys, nacreKind, start, type ServerKind } from './ssh-servers.ts';

export interface ExecRate {
  readonly server: string;
  /** Commands a second, one for each round. */
  readonly samples: readonly number[];
  readonly median: number;
  /** Of sshd's median; NaN where there is no sshd. */
  readonly ofSshd: number;
}

const GIB = 1024;

const servers: readonly ServerKind[] = [
  ...kinds.filter(({ name, isInstalled }) => name === 'sshd' && isInstalled()),
  nacreKind('nacre', 'host', 0),
  nacreKind('nacre, 1 GiB more', 'host', GIB),
  nacreKind('nacre, direct', 'direct', 0),
  nacreKind('nacre, direct, 1 GiB more', 'direct', GIB),
  ...[nacreKind('nacre, native', 'native', 0), nacreKind('nacre, native, 1 GiB more', 'native', GIB)].filter(
    ({ isInstalled }) => isInstalled(),
  ),
];

export async function execRates(rounds: number, seconds: number): Promise<ExecRate[]> {
  buildLoad();
  const keys = makeKeys();
  const running = [];
  for (const kind of servers) running.push({ server: await start(kind, keys), samples: [] as number[] });
  const load = { mode: 'exec', cipher: GCM, args: [seconds, 'true'] } as const;
  for (const { server } of running) await rate(server, load); // what is compiled once is compiled now
  for (let round = 0; round < rounds; round += 1) {
    for (const { server, samples } of running) samples.push(await rate(server, load));
  }
  const sshd = median(running.find(({ server }) => server.kind.name === 'sshd')?.samples ?? []);
  return running.map(({ server, samples }) => {
    const middle = median(samples);
    return { server: server.kind.name, samples, median: middle, ofSshd: middle / sshd };
  });
}
