/**
 * Times programs: over SSH beside sshd, and started by this process beside those that a process host starts.
 *
 * `npm run bench:programs`; `-- --rounds N` interleaves more rounds of the first. It says how many commands a second one
 * connection runs (exec-rate.ts). Of the second: how long `true` takes from the call to its end on pipes and on a pty,
 * how many in a second four at a time, for how long the slowest of those starts kept this process's event loop from
 * turning, and how fast `head -c` of zeros arrives; all of it again with 1 GiB more on this process's heap. Where native/
 * has been built, `node --conditions=without-native` shows the second without it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import {
  directPrograms,
  hasNativePrograms,
  startProcessHost,
  type IProcessProtocol,
  type IProcessTransport,
  type Program,
  type ProgramRunner,
  type Terminal,
} from 'nacre/transport';
import { ballast } from './ballast.ts';
import { execRates } from './exec-rate.ts';
import { machine, saveResults } from './results.ts';

const MiB = 1024 * 1024;
const terminal: Terminal = {
  term: '',
  size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 },
  modes: new Map([[70, 0]]),
};

type Start = (program: Program, protocol: IProcessProtocol) => Promise<IProcessTransport>;

const program = (file: string, ...args: string[]): Program => ({ file, args, environment: {}, cwd: '/' });

/** Run a program to its end; answers the bytes that it said. */
function run(start: Start, what: Program): Promise<number> {
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const protocol: IProcessProtocol = {
      makeConnection: () => undefined,
      outReceived: data => void (bytes += data.length),
      errReceived: () => undefined,
      processExited: () => undefined,
      processEnded: () => resolve(bytes),
      processLost: reject,
    };
    start(what, protocol).catch(reject);
  });
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function latencies(start: Start, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) {
    found.push(await milliseconds(() => run(start, program('/bin/true'))));
  }
  return found.sort((a, b) => a - b);
}

async function fourAtATime(start: Start, count: number): Promise<{ perSecond: number; stalled: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const each = async (): Promise<void> => {
    for (let index = 0; index < count / 4; index += 1) await run(start, program('/bin/true'));
  };
  const took = await milliseconds(() => Promise.all([each(), each(), each(), each()]));
  delay.disable();
  return { perSecond: (count / took) * 1_000, stalled: delay.max / 1e6 };
}

async function throughput(start: Start, bytes: number): Promise<number> {
  const took = await milliseconds(() => run(start, program('/usr/bin/head', '-c', String(bytes), '/dev/zero')));
  return bytes / MiB / (took / 1_000);
}

async function measure(start: Start, bytes: number): Promise<Record<string, string>> {
  await latencies(start, 20); // what is loaded once is loaded now
  const sorted = await latencies(start, 200);
  const { perSecond, stalled } = await fourAtATime(start, 400);
  const speed = await throughput(start, bytes);
  return {
    'p50 ms': (sorted[100] ?? NaN).toFixed(2),
    'p99 ms': (sorted[197] ?? NaN).toFixed(2),
    '4 at a time, per s': perSecond.toFixed(0),
    'longest stall ms': stalled.toFixed(1),
    'MiB/s': speed.toFixed(0),
  };
}

const waysOf = (runner: ProgramRunner): Record<string, [start: Start, bytes: number]> => ({
  'on pipes': [(...start) => runner.spawn(...start), 1024 * MiB],
  'on a pty': [(what, protocol) => runner.spawnPty(what, terminal, protocol), 128 * MiB],
});

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rates = await execRates(Number(values.rounds), 3);
console.log('exec over one open connection, medians of interleaved rounds');
console.table(
  Object.fromEntries(
    rates.map(({ server, median, ofSshd }) => [server, { 'per s': median.toFixed(0), 'of sshd': ofSshd.toFixed(2) }]),
  ),
);

await using host = await startProcessHost({
  onEvent: event => {
    if (event.event === 'process-host-started') console.log(`the process host was ready after ${event.startMs} ms`);
  },
});
const rows: Record<string, Record<string, string>> = {};
const kept: unknown[] = [];
const runners = {
  [hasNativePrograms() ? 'this process, native' : 'this process']: directPrograms,
  'process host': host,
};
for (const mib of [0, 1024]) {
  kept.push(ballast(mib));
  for (const [runnerName, runner] of Object.entries(runners)) {
    for (const [way, [start, bytes]] of Object.entries(waysOf(runner))) {
      rows[`${runnerName} ${way}${mib > 0 ? `, ${mib} MiB more` : ''}`] = await measure(start, bytes);
    }
  }
}
console.log(
  `resident: ${Math.round(process.memoryUsage.rss() / MiB)} MiB at the end, with ${kept.length - 1} GiB kept`,
);
console.table(rows);
console.log(`all samples are in ${saveResults({ machine, exec: rates, programs: rows }, 'programs-')}`);
process.exit(0); // with the servers
