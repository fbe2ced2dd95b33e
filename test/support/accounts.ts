/** Accounts of the machine for a test, made and removed by root. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly remove: () => void;
}

export interface AccountLooks {
  readonly groups?: readonly string[];
  readonly shell?: string;
  /** As in shadow(5). @default `*`: no password, and not locked */
  readonly password?: string;
}

let count = 0;

/** An account with a home directory, in which the public key of `keyFile` may log in. */
export function makeAccount(
  keyFile: string,
  { groups = [], shell = '/bin/bash', password = '*' }: AccountLooks = {},
): TestAccount {
  const name = `nacre${process.pid}t${++count}`;
  const more = groups.length > 0 ? ['--groups', groups.join(',')] : [];
  execFileSync('useradd', ['--create-home', '--user-group', '--shell', shell, '--password', password, ...more, name]);
  const [, , uid = '', gid = '', , home = ''] = execFileSync('getent', ['passwd', name]).toString().split(':');
  const account = { name, uid: Number(uid), gid: Number(gid), home };
  const settings = join(home, '.ssh');
  const file = join(settings, 'authorized_keys');
  mkdirSync(settings, { mode: 0o700 });
  writeFileSync(file, readFileSync(`${keyFile}.pub`), { mode: 0o600 });
  for (const path of [settings, file]) chownSync(path, account.uid, account.gid);
  return { ...account, remove: () => void execFileSync('userdel', ['--remove', '--force', name], { stdio: 'ignore' }) };
}
