/**
 * Keystrokes beside a bulk transfer on one connection of OpenSSH's client (`-o ControlMaster`): each is echoed while
 * the transfer goes on. The times are printed and not judged. And which of server and programs the kernel lets run sooner.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadNativePrograms } from '../../transport/process/native-programs.ts';
import { makeLogin, type Login } from './login.ts';
import { startServer } from './nacre-server.ts';
import { sshOptions } from './peers.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { run } from './run.ts';
import { testWhere } from '../support/possible.ts';

const BULK_BYTES = 150_000_000;
/** Bytes that come back with no bulk beside them, for comparison. */
const IDLE_KEYS = 100;

let server: RunningServer;
let login: Login;
beforeAll(async () => {
  server = await startServer();
  login = makeLogin(server);
}, startDeadline);
afterAll(async () => {
  login.remove();
  await server.close();
});

test('a bulk transfer does not hold up keystrokes on the same connection', async () => {
  const control = join(login.home, 'control');
  const ssh = (...args: string[]): string[] => [...sshOptions(login), '-S', control, ...args];
  const master = spawn('ssh', [...ssh('-o', 'ControlMaster=yes', '-N', '-v', login.host)]);
  const mastered = once(master, 'close');
  await saidOnStderr(master.stderr, 'Entering interactive session');

  const keys = spawn('ssh', ssh(login.host, 'cat'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const echo = async (): Promise<number> => {
    const pressed = performance.now();
    keys.stdin.write('x');
    await once(keys.stdout, 'data');
    return performance.now() - pressed;
  };
  await echo();
  const idle: number[] = [];
  while (idle.length < IDLE_KEYS) idle.push(await echo());

  const command = `head -c ${BULK_BYTES} /dev/zero`;
  const bulk = run(
    { file: 'bash', args: ['-c', 'ssh "$@" | wc -c', 'bash', ...ssh(login.host, command)] },
    { home: login.home, deadline: 120_000 },
  );
  let going = true;
  void bulk.finally(() => (going = false));
  const busy: number[] = [];
  while (going) busy.push(await echo());

  expect((await bulk).stdout.toString().trim()).toBe(String(BULK_BYTES));
  expect(busy.length).toBeGreaterThan(1);
  process.stderr.write(`echo beside a bulk transfer: ${summary(busy)}; with nothing beside it: ${summary(idle)}\n`);
  keys.stdin.end();
  master.kill();
  await mastered;
}, 150_000);

/** The addon that the server has, on a kernel that has slices and shows them. */
const addon = loadNativePrograms(fileURLToPath(new URL('../../native/build/programs.node', import.meta.url)));
const shown = '/proc/self/sched';
const hasSlices = (addon?.sliceOf(0) ?? 0) > 0 && existsSync(shown) && readFileSync(shown, 'utf8').includes('se.slice');

testWhere(hasSlices, 'threads say how long they run by the addon, on Linux 6.12 and newer with /proc/self/sched')(
  'the server has a short slice, and its programs have the usual one',
  async () => {
    const command = 'cat /proc/$PPID/sched /proc/self/sched';
    const { stdout } = await run(
      { file: 'ssh', args: [...sshOptions(login), login.host, command] },
      { home: login.home },
    );
    const slices = [...stdout.toString().matchAll(/^se\.slice\D+(\d+)/gm)].map(([, nanoseconds]) =>
      Number(nanoseconds),
    );
    expect(slices).toEqual([100_000, addon?.sliceOf(0)]);
  },
);

async function saidOnStderr(stderr: NodeJS.ReadableStream, words: string): Promise<void> {
  let said = '';
  for await (const chunk of stderr) {
    said += String(chunk);
    if (said.includes(words)) return;
  }
  throw new Error(`ssh did not say "${words}" but:\n${said}`);
}

function summary(milliseconds: number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
  return `${sorted.length} keys, median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
