/**
 * Defects of node-pty as it comes that would hit whatever else a process has open, so they are shown in one of their own.
 * Started with the name of a defect; prints what was seen as JSON.
 */
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node-pty';

const heard = pty => new Promise(resolve => pty.onData(resolve));
const start = script => spawn('/bin/sh', ['-c', script], { env: { PATH: '/usr/bin:/bin' }, encoding: null });
console.error = () => undefined; // where the library complains of its own writes to closed descriptors

const defects = {
  /** Bytes of queued input that end up in files opened when the program had ended: the first of 30 tries with any. */
  'writes into reused descriptors': () => most(30, bytes => bytes > 0, strayInput),

  /** The share of 300 ms for which the event loop is awake while a program does not read: the first of 10 that is high. */
  async 'spins on a stuck reader'() {
    const pty = start('stty raw; echo ready; exec sleep 1000');
    await heard(pty);
    pty.write(Buffer.alloc(1_000_000));
    const share = await most(10, share => share > 0.2, busyShare);
    process.kill(pty.pid, 'SIGKILL');
    return share;
  },
};

/** Measure until it is `enough`, at most `tries` times: these defects depend on timing. */
async function most(tries, enough, measure) {
  let seen = 0;
  for (let attempt = 0; attempt < tries && !enough(seen); attempt += 1) seen = Math.max(seen, await measure());
  return seen;
}

async function strayInput() {
  const pty = start('stty raw; echo ready; sleep 0.1');
  await heard(pty);
  pty.write(Buffer.alloc(1_000_000, 'SECRET'));
  await new Promise(resolve => pty.on('close', resolve));
  return sizeOfNewFiles();
}

async function busyShare() {
  const before = performance.eventLoopUtilization();
  await new Promise(resolve => setTimeout(resolve, 300));
  return performance.eventLoopUtilization(before).utilization;
}

async function sizeOfNewFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const files = Array.from({ length: 40 }, (_, index) => openSync(join(folder, `${index}`), 'w+'));
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
  const size = files.reduce((sum, fd) => sum + fstatSync(fd).size, 0);
  files.forEach(closeSync);
  rmSync(folder, { recursive: true });
  return size;
}

process.stdout.write(JSON.stringify(await defects[process.argv[2]]()), () => process.exit());
