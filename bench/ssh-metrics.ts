/** What is measured of an SSH server, one row each, and what nacre is to reach beside OpenSSH's sshd. */
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from './measure.ts';
import { memory, processorSeconds } from './processes.ts';
import { holding, load, Master, rate } from './ssh-load.ts';
import { CHACHA, CTR, GCM, type RunningServer } from './ssh-servers.ts';

/** How much of everything. */
export interface Effort {
  readonly rounds: number;
  /** Seconds that rates are counted for. */
  readonly seconds: number;
  readonly bulkMiB: number;
  readonly keystrokes: number;
  readonly idleConnections: number;
  readonly shells: number;
  readonly busySessions: number;
  /** Seconds that a reader stalls. */
  readonly stallSeconds: number;
}

/** Figures of one metric by the name of their row. */
export type Figures = Readonly<Record<string, number>>;

export interface Metric {
  readonly rows: readonly Row[];
  /** Servers without this cipher are passed over. */
  readonly cipher: string;
  readonly measure: (server: RunningServer, effort: Effort) => Promise<Figures>;
}

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** nacre's figure divided by sshd's: at least this where more is better, at most this where less is. */
  readonly ratio?: number;
  /** Or a figure that nacre's own may not pass, in the row's unit. */
  readonly most?: number;
}

const MiB = 1024 * 1024;
/** Of the ciphers that a server has, the first of these is taken where the cipher is not what is measured. */
const anyCipher = ({ kind }: RunningServer): string => kind.ciphers[0] ?? GCM;
const ANY = '';

const logins = (parallel: number, ratio: number): Metric => ({
  rows: [{ name: `handshake and login, ${parallel} at a time`, unit: '/s', better: 'more', ratio }],
  cipher: ANY,
  measure: async (server, { seconds }) => ({
    [`handshake and login, ${parallel} at a time`]: await rate(server, {
      ...{ mode: 'connect', cipher: anyCipher(server), parallel },
      args: [seconds],
    }),
  }),
});

const execs = (parallel: number): Metric => ({
  rows: [{ name: `exec on an open connection, ${parallel} at a time`, unit: '/s', better: 'more', ratio: 0.9 }],
  cipher: ANY,
  measure: async (server, { seconds }) => ({
    [`exec on an open connection, ${parallel} at a time`]: await rate(server, {
      ...{ mode: 'exec', cipher: anyCipher(server), parallel },
      args: [seconds, 'true'],
    }),
  }),
});

/** `line` moves `count` bytes and fails unless all have arrived; `$SSH` is OpenSSH's client on an open connection. */
const bulk = (direction: 'download' | 'upload', cipher: string, ratio: number): Metric => {
  const speed = `${direction}, ${cipher.replace(/@.*/, '')}`;
  const cost = `${speed}: processor`;
  const line = (count: number): string =>
    direction === 'download'
      ? `test "$($SSH 127.0.0.1 'head -c ${count} /dev/zero' | wc -c)" -eq ${count}`
      : `test "$(head -c ${count} /dev/zero | $SSH 127.0.0.1 'wc -c')" -eq ${count}`;
  return {
    rows: [
      { name: speed, unit: 'MB/s', better: 'more', ratio },
      { name: cost, unit: 's/GiB', better: 'less' },
    ],
    cipher,
    measure: async (server, { bulkMiB }) => {
      await using master = await Master.open(server, cipher);
      await master.seconds(line(8 * MiB));
      const short = await master.seconds(line(1));
      const before = processorSeconds(server.pid);
      const long = await master.seconds(line(bulkMiB * MiB));
      const used = processorSeconds(server.pid) - before;
      return { [speed]: (bulkMiB * MiB) / 1e6 / (long - short), [cost]: used / (bulkMiB / 1024) };
    },
  };
};

const ptyFlood: Metric = {
  rows: [{ name: 'flood from a terminal', unit: 'MB/s', better: 'more', ratio: 1.5 }],
  cipher: ANY,
  measure: async (server, { bulkMiB }) => {
    const args = [(bulkMiB * MiB) / 8];
    const perSecond = await rate(server, { mode: 'flood', cipher: anyCipher(server), args });
    return { 'flood from a terminal': perSecond / 1e6 };
  },
};

const percentile = (sorted: readonly number[], share: number): number =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN) / 1_000;

async function keystrokes(server: RunningServer, count: number, microseconds: number): Promise<[number, number]> {
  const lines = await load(server, { mode: 'keys', cipher: anyCipher(server), args: [count, microseconds] });
  const delays = lines.map(Number).sort((a, b) => a - b);
  return [percentile(delays, 0.5), percentile(delays, 0.99)];
}

const echo: Metric = {
  rows: [
    { name: 'keystroke to echo, back to back, p50', unit: 'ms', better: 'less', ratio: 1.2 },
    { name: 'keystroke to echo, 200 a second, p50', unit: 'ms', better: 'less' },
    { name: 'keystroke to echo, 200 a second, p99', unit: 'ms', better: 'less' },
  ],
  cipher: ANY,
  measure: async (server, effort) => {
    const [warm] = await keystrokes(server, effort.keystrokes * 4, 0);
    const [p50, p99] = await keystrokes(server, effort.keystrokes, 5_000);
    return {
      'keystroke to echo, back to back, p50': warm,
      'keystroke to echo, 200 a second, p50': p50,
      'keystroke to echo, 200 a second, p99': p99,
    };
  },
};

/** 100 bytes ten times a second: what a screen that scrolls by itself does. */
const BUSY = `perl -e '$| = 1; while (1) { print "x" x 100; select undef, undef, undef, 0.1 }'`;

const echoUnderLoad: Metric = {
  rows: [
    { name: 'keystroke to echo under busy sessions, p50', unit: 'ms', better: 'less' },
    { name: 'keystroke to echo under busy sessions, p99', unit: 'ms', better: 'less', ratio: 1.2 },
  ],
  cipher: ANY,
  measure: async (server, { busySessions, keystrokes: count }) => {
    const parallel = Math.ceil(busySessions / 10);
    const busy = { mode: 'hold', cipher: anyCipher(server), parallel, args: [10, BUSY] } as const;
    const [p50, p99] = await holding(server, busy, () => keystrokes(server, count, 5_000));
    return {
      'keystroke to echo under busy sessions, p50': p50,
      'keystroke to echo under busy sessions, p99': p99,
    };
  },
};

/** Times that as many connections more are held. */
const MEMORY_STEPS = 5;

/**
 * Of one more connection, as the median of several steps: a heap is larger than what is in it, so the first ones may cost
 * nothing, and one that has just been collected shrinks.
 */
const memoryPerConnection: Metric = {
  rows: [
    { name: 'memory per idle connection', unit: 'KiB', better: 'less', ratio: 0.05 },
    { name: 'memory per connection with a shell, shell not counted', unit: 'KiB', better: 'less', ratio: 0.05 },
  ],
  cipher: ANY,
  measure: async (server, { idleConnections, shells }) => {
    const memoryOfMore = async (parallel: number, sessions: number, command: string): Promise<number> => {
      const hold = { mode: 'hold', cipher: anyCipher(server), parallel, args: [sessions, command] } as const;
      const samples: number[] = [];
      const holdMore = async (): Promise<void> => {
        await sleep(500);
        samples.push(memory(server.pid));
        if (samples.length <= MEMORY_STEPS) await holding(server, hold, holdMore);
      };
      await holdMore();
      return median(samples.slice(1).map((sample, step) => sample - (samples[step] ?? NaN))) / parallel;
    };
    return {
      'memory per idle connection': await memoryOfMore(idleConnections, 0, ''),
      'memory per connection with a shell, shell not counted': await memoryOfMore(shells, 1, 'pty'),
    };
  },
};

const stalledReader: Metric = {
  rows: [{ name: 'growth while a reader stalls', unit: 'MiB', better: 'less', most: 16 }],
  cipher: ANY,
  measure: async (server, { stallSeconds }) => {
    const before = memory(server.pid);
    const stall = { mode: 'stall', cipher: anyCipher(server), args: ['yes'] } as const;
    const grown = await holding(server, stall, async () => {
      const samples: number[] = [];
      for (let sample = 0; sample < 5; sample += 1) {
        await sleep((stallSeconds * 1_000) / 5);
        samples.push(memory(server.pid) - before);
      }
      return median(samples.slice(-3));
    });
    return { 'growth while a reader stalls': grown / 1024 };
  },
};

export const metrics: readonly Metric[] = [
  logins(1, 10),
  logins(4, 7),
  execs(1),
  execs(4),
  bulk('download', GCM, 1),
  bulk('download', CHACHA, 1),
  bulk('download', CTR, 1),
  bulk('upload', GCM, 1.3),
  bulk('upload', CHACHA, 1.3),
  bulk('upload', CTR, 1.3),
  ptyFlood,
  echo,
  echoUnderLoad,
  memoryPerConnection,
  stalledReader,
];

const warmth: Effort = {
  ...{ rounds: 1, seconds: 6, bulkMiB: 512, keystrokes: 1_000, idleConnections: 0 },
  ...{ shells: 0, busySessions: 0, stallSeconds: 0 },
};

/**
 * Logins, commands, bulk both ways and keystrokes that are not counted: a server has been running for a while when people
 * use it, and what compiles itself as it runs has done so. The same for every server.
 */
export async function warmUp(server: RunningServer): Promise<void> {
  const cipher = anyCipher(server);
  const all = [logins(4, 0), execs(1), bulk('download', cipher, 0), bulk('upload', cipher, 0), echo];
  for (const { measure } of all) await measure(server, warmth);
}
