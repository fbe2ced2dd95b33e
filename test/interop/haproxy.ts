/**
 * HAProxy before a server of ours, on a free port of 127.0.0.1: it cannot look for one itself, so it inherits a listener.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeAfterTest } from '../support/cleanup.ts';
import type { Needed } from './missing.ts';

const program = '/usr/sbin/haproxy';
const python = '/usr/bin/python3';
const starter = fileURLToPath(new URL('python/listen_and_exec.py', import.meta.url));

export const haproxy: Needed = {
  name: 'HAProxy',
  packages: 'haproxy python3',
  isInstalled: () => existsSync(program) && existsSync(python),
};

/** Start it before `port`; `settings` are the rest of HAProxy's `server` line. Resolves with its own port. */
export async function startHaproxy(port: number, settings: string): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'nacre-haproxy-'));
  closeAfterTest(() => rmSync(dir, { recursive: true }));
  const config = join(dir, 'haproxy.cfg');
  writeFileSync(config, configuration(`server nacre 127.0.0.1:${port} ${settings}`));
  const child = spawn(python, [starter, program, '-db', '-f', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  closeAfterTest(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const [own] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];
  if (own instanceof Buffer) return Number(own.toString());
  throw new Error(`HAProxy did not start: ${said}`);
}

/** A check counts only when our identification has come. */
const configuration = (server: string): string => `
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout check 10s
listen ssh
  bind fd@3
  option tcp-check
  tcp-check expect rstring ^SSH-2.0-
  ${server}
`;
