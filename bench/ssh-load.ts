/**
 * The clients of the bench: bench/load.c for everything that is counted or timed one by one, and OpenSSH's client, over
 * a connection that is open already, for bulk.
 *
 * OpenSSH's is the fastest client at hand and the one that people have; what starting it costs is kept out of the
 * figures by taking the time of a short transfer from that of a long one.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { endsWithUs, type RunningServer } from './ssh-servers.ts';

const source = fileURLToPath(new URL('../../bench/load.c', import.meta.url));
const built = fileURLToPath(new URL('./load', import.meta.url));

/** Every server has it, so that all exchange keys alike. */
const KEX = 'curve25519-sha256';
/** The second is for Conch, which has no other. */
const MACS = 'hmac-sha2-256-etm@openssh.com,hmac-sha2-256';

/** Compile the load; throws when there is no compiler or no libssh. */
export function buildLoad(): void {
  try {
    execFileSync('cc', ['-O2', '-o', built, source, '-lssh'], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    throw new Error('the bench needs a C compiler and libssh: apt-get install gcc libc6-dev libssh-dev', { cause });
  }
}

export interface Load {
  readonly mode: 'connect' | 'exec' | 'keys' | 'flood' | 'hold' | 'stall';
  readonly cipher: string;
  readonly parallel?: number;
  readonly args: readonly (string | number)[];
}

function startLoad({ port, keys }: RunningServer, { mode, cipher, parallel = 1, args }: Load): ChildProcess {
  const user = [userInfo().username, keys.userKey];
  const words = [mode, '127.0.0.1', port, ...user, cipher, KEX, parallel, ...args].map(String);
  const child = spawn(built, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  endsWithUs(child);
  return child;
}

/** Run a load to its end; what it printed, line by line. */
export async function load(server: RunningServer, what: Load): Promise<string[]> {
  const child = startLoad(server, what);
  const lines: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', line => lines.push(line));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${what.mode} against ${server.kind.name} failed`);
  return lines;
}

/** Runs, logins or bytes per second. */
export async function rate(server: RunningServer, what: Load): Promise<number> {
  const [count = NaN, seconds = NaN] = ((await load(server, what))[0] ?? '').split(' ').map(Number);
  return count / seconds;
}

/** Do `meanwhile` while a load holds its sessions. */
export async function holding<T>(server: RunningServer, what: Load, meanwhile: () => Promise<T>): Promise<T> {
  const child = startLoad(server, what);
  const ended = once(child, 'close');
  const ready = child.stdout ? once(child.stdout, 'data') : ended;
  await Promise.race([ready, ended]);
  if (child.exitCode !== null) throw new Error(`${what.mode} against ${server.kind.name} failed`);
  try {
    return await meanwhile();
  } finally {
    child.stdin?.end();
    await ended;
  }
}

/** One connection of OpenSSH's client, for any number of commands. */
export class Master {
  readonly #options: readonly string[];
  readonly #process: ChildProcess;

  private constructor(options: readonly string[], process: ChildProcess) {
    this.#options = options;
    this.#process = process;
  }

  static async open({ port, keys, kind }: RunningServer, cipher: string): Promise<Master> {
    const socket = join(keys.dir, `master-${kind.name}`);
    const options = [
      ...['-F', '/dev/null', '-S', socket, '-p', String(port), '-i', keys.userKey, '-o', 'BatchMode=yes'],
      ...['-o', 'IdentitiesOnly=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
      ...['-o', 'LogLevel=ERROR', '-o', `KexAlgorithms=${KEX}`, '-o', `Ciphers=${cipher}`, '-o', `MACs=${MACS}`],
      ...['-o', 'IPQoS=none'],
    ];
    const child = spawn('ssh', ['-M', '-N', ...options, '127.0.0.1'], { stdio: ['ignore', 'ignore', 'inherit'] });
    endsWithUs(child);
    const master = new Master(options, child);
    await master.#accepting();
    return master;
  }

  /** Seconds that a shell line takes, in which `ssh …` is written `$SSH`. */
  async seconds(line: string): Promise<number> {
    const ssh = ['ssh', ...this.#options].join(' ');
    const begin = performance.now();
    const child = spawn('/bin/sh', ['-c', line], { env: { ...process.env, SSH: ssh }, stdio: 'ignore' });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${line} failed`);
    return (performance.now() - begin) / 1_000;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'close');
    this.#process.kill();
    await ended;
  }

  async #accepting(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const check = spawn('ssh', ['-O', 'check', ...this.#options, '127.0.0.1'], { stdio: 'ignore' });
      if (((await once(check, 'close')) as [number | null])[0] === 0) return;
      if (this.#process.exitCode !== null) break;
    }
    throw new Error('OpenSSH’s client could not connect');
  }
}
