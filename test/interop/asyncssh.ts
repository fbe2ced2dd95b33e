/** asyncssh as a server: the one that the bench measures, on a port that it chooses. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { peers, python } from './peers.ts';
import { makeKeyRing, type RunningServer } from './running-server.ts';

const script = fileURLToPath(new URL('../../bench/asyncssh-server.py', import.meta.url));

export const asyncssh = peers.find(({ name }) => name === 'asyncssh')!;

export async function startAsyncssh(): Promise<RunningServer> {
  const { user, keyFile, hostKeyLine, ...keys } = makeKeyRing();
  const files = [keys.hostKeyFile, keys.authorizedKeysFile];
  const child = spawn(python, ['-W', 'ignore', script, ...files, '0', '/bin/sh'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
    keys.remove();
  };
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as unknown[];
  const port = Number(String(line));
  if (child.exitCode !== null) throw new Error(`asyncssh ended with ${child.exitCode}`);
  return { host: '127.0.0.1', port, user, keyFile, hostKeyLine, close };
}
