/** One client's side of a server: a home directory of its own, in which it knows the server and has the key. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningServer } from './running-server.ts';

export interface Login {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly home: string;
  /** The private key in the forms that clients want: OpenSSH, Dropbear, PuTTY. The last two after `convertKey`. */
  readonly keyFile: string;
  readonly dropbearKeyFile: string;
  readonly puttyKeyFile: string;
  readonly knownHostsFile: string;
  /** `SHA256:…`, as plink wants the host key. */
  readonly fingerprint: string;
  readonly remove: () => void;
}

export function makeLogin(server: RunningServer): Login {
  const home = mkdtempSync(join(tmpdir(), 'nacre-client-'));
  const settings = join(home, '.ssh');
  mkdirSync(settings, { mode: 0o700 });
  const login: Login = {
    host: server.host,
    port: String(server.port),
    user: server.user,
    home,
    keyFile: join(settings, 'id_ed25519'),
    dropbearKeyFile: join(settings, 'id_dropbear'),
    puttyKeyFile: join(settings, 'id.ppk'),
    knownHostsFile: join(settings, 'known_hosts'),
    fingerprint: fingerprintOf(server.hostKeyLine),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
  copyFileSync(server.keyFile, login.keyFile);
  copyFileSync(`${server.keyFile}.pub`, `${login.keyFile}.pub`); // conch wants it beside the private key
  // With the port, as OpenSSH writes it, and without, as Dropbear and conch look for it.
  const names = [`[${server.host}]:${server.port}`, server.host];
  writeFileSync(login.knownHostsFile, names.map(name => `${name} ${server.hostKeyLine}\n`).join(''));
  return login;
}

/** Make the key's other forms with the tools of the client that reads them. */
export const convertKey = {
  dropbear: (login: Login): void => {
    execFileSync('dropbearconvert', ['openssh', 'dropbear', login.keyFile, login.dropbearKeyFile], { stdio: 'ignore' });
  },
  putty: (login: Login): void => {
    execFileSync('puttygen', [login.keyFile, '-O', 'private', '-o', login.puttyKeyFile], { stdio: 'ignore' });
  },
};

function fingerprintOf(hostKeyLine: string): string {
  const blob = Buffer.from(hostKeyLine.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
