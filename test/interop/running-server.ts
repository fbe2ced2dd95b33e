/** What a test needs to know of a server that runs, whichever server it is, and the keys that each is started with. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Milliseconds that a start may take: dist/ may have to be built first. */
export const startDeadline = 120_000;

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH-format ed25519 private key that may log in; its .pub file is beside it. */
  readonly keyFile: string;
  /** The host key as in a .pub file: `ssh-ed25519 AAAA…`. */
  readonly hostKeyLine: string;
  /** Stop the server and remove its files. */
  readonly close: () => Promise<void>;
}

/** A directory with a host key, a user key and an authorized_keys file, all made now and only for this run. */
export interface KeyRing {
  readonly dir: string;
  readonly user: string;
  readonly hostKeyFile: string;
  readonly hostKeyLine: string;
  readonly keyFile: string;
  readonly authorizedKeysFile: string;
  /** An empty directory. */
  readonly home: string;
  readonly remove: () => void;
}

export function makeKeyRing(): KeyRing {
  const dir = mkdtempSync(join(tmpdir(), 'nacre-interop-'));
  const hostKeyFile = join(dir, 'host_key');
  const keyFile = join(dir, 'user_key');
  const authorizedKeysFile = join(dir, 'authorized_keys');
  const home = join(dir, 'home');
  mkdirSync(home);
  for (const file of [hostKeyFile, keyFile])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  copyFileSync(`${keyFile}.pub`, authorizedKeysFile);
  return {
    dir,
    user: userInfo().username,
    hostKeyFile,
    hostKeyLine: readFileSync(`${hostKeyFile}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
    keyFile,
    authorizedKeysFile,
    home,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
