/** OpenSSH's client learns the host keys of our future by itself (UpdateHostKeys), after it has seen them proved. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { closeAfterTest } from '../support/cleanup.ts';
import { hostKeyOf, startServer, userKey } from '../support/nacre-server.ts';
import { stay } from '../support/session-lab.ts';
import { makeTestKey, type KeyKind, type TestKey } from '../support/ssh-keys.ts';
import { turns } from '../support/turns.ts';

const line = (name: string, { type, blob }: TestKey): string => `${name} ${type} ${blob.toString('base64')}`;

// the key of the handshake, and those that the client learns on top of it
const rotations: Array<[now: KeyKind, later: KeyKind[]]> = [
  ['ed25519', ['ed25519', 'rsa', 'ecdsa-384']],
  ['rsa', ['rsa', 'ed25519']],
];

test.each(rotations)('from %s to %s', async (now, later) => {
  const current = makeTestKey(now);
  const future = later.map(kind => makeTestKey(kind));
  const { port } = await startServer(
    { hostKeys: [await hostKeyOf(current)], nextHostKeys: await Promise.all(future.map(hostKeyOf)) },
    stay,
  );
  const home = mkdtempSync(join(tmpdir(), 'nacre-host-keys-'));
  closeAfterTest(() => rm(home, { recursive: true, force: true }));
  const [knownHosts, identity] = [join(home, 'known_hosts'), join(home, 'id')];
  const name = `[127.0.0.1]:${port}`;
  writeFileSync(knownHosts, `${line(name, current)}\n`);
  writeFileSync(identity, userKey.text, { mode: 0o600 });

  const options = [
    ...['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'UpdateHostKeys=yes', 'HashKnownHosts=no'],
    ...[`UserKnownHostsFile=${knownHosts}`, 'GlobalKnownHostsFile=/dev/null'],
  ].flatMap(option => ['-o', option]);
  const place = ['-F', '/dev/null', '-p', String(port), '-i', identity, '-l', 'user', '127.0.0.1', 'stay'];
  const ssh = spawn('ssh', [...options, ...place], { stdio: 'ignore' });
  closeAfterTest(() => void ssh.kill('SIGKILL'));
  const ended = once(ssh, 'exit');

  const learned = (): string[] => readFileSync(knownHosts, 'utf8').trim().split('\n');
  while (learned().length < 1 + future.length && ssh.exitCode === null) await turns(1);
  expect(learned().sort()).toEqual([current, ...future].map(key => line(name, key)).sort());
  ssh.kill();
  await ended;
});
