/**
 * OpenSSH's own server, to prove that the harness is right and to compare our behaviour with.
 *
 * sshd cannot listen on "any free port", so we listen and give each connection to one `sshd -i`, as inetd did.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { sshdSettings } from '../../bench/sshd-settings.ts';
import type { Needed } from './missing.ts';
import { makeKeyRing, type KeyRing, type RunningServer } from './running-server.ts';

const sshdFile = '/usr/sbin/sshd';

export const sshd: Needed = {
  name: 'OpenSSH sshd',
  packages: 'openssh-server',
  isInstalled: () => existsSync(sshdFile),
};

/** `extra` comes first in its configuration, where the first value of a setting counts. */
export async function startSshd(extra = ''): Promise<RunningServer> {
  const keys = makeKeyRing();
  const config = join(keys.dir, 'sshd_config');
  writeFileSync(config, `${extra}\n${configuration(keys)}`);
  if (keys.user === 'root') mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

  const children = new Set<ChildProcess>();
  const listener = createServer({ pauseOnConnect: true }, socket => {
    const child = serve(socket, config);
    children.add(child);
    child.once('exit', () => children.delete(child));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const close = async (): Promise<void> => {
    for (const child of children) child.kill();
    await new Promise(closed => listener.close(closed));
    keys.remove();
  };
  const { address, port } = listener.address() as AddressInfo;
  return { host: address, port, user: keys.user, keyFile: keys.keyFile, hostKeyLine: keys.hostKeyLine, close };
}

/** Hand the connection itself to an sshd of its own; our copy of the descriptor is closed, the connection is not. */
function serve(socket: Socket, config: string): ChildProcess {
  const child = spawn(sshdFile, ['-i', '-e', '-f', config], { stdio: [socket, socket, 'ignore'] });
  socket.destroy();
  return child;
}

const configuration = (keys: KeyRing): string => `
HostKey ${keys.hostKeyFile}
AuthorizedKeysFile ${keys.authorizedKeysFile} .ssh/authorized_keys
AcceptEnv LANG LC_* COLORTERM TERM_PROGRAM
${sshdSettings}`;
