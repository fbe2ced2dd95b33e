/**
 * What a machine says to people before their shell: nologin(5) to keep everybody out; their last login and motd(5) to
 * greet. sshd session.c, do_nologin, do_login, do_motd, check_quietlogin; sshlogin.c, store_lastlog_message.
 */
import { existsSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileThreads } from '../../transport/files/file-threads.ts';
import type { Account } from '../account.ts';
import type { Session } from '../session.ts';
import { lastLoginLine } from './last-login.ts';

/** In bytes; more of a file is not shown. */
const MOST_BYTES = 64 * 1024;

export interface GreetingFiles {
  /** While it exists, only root gets a session; others are told what is in it. @default '/etc/nologin' */
  readonly nologin?: string;
  /** Shown before a shell on a terminal, unless `~/.hushlogin` exists; null for none. @default '/etc/motd' */
  readonly motd?: string | null;
  /** Where the line about the last login is read, said before `motd`; null for none. @default '/var/log/lastlog' */
  readonly lastlog?: string | null;
}

export interface Greeting {
  /** Why there is no session; undefined if there may be one. */
  readonly refusal: (account: Account) => Promise<string | undefined>;
  /** What to show before the program's output. */
  readonly text: (session: Session, account: Account) => Promise<string>;
}

export const greetingDefaults = Object.freeze({
  nologin: '/etc/nologin',
  motd: '/etc/motd',
  lastlog: '/var/log/lastlog',
});

export const greeting = ({
  nologin = greetingDefaults.nologin,
  motd = greetingDefaults.motd,
  lastlog = greetingDefaults.lastlog,
}: GreetingFiles = {}): Greeting => ({
  refusal: async ({ uid }) => {
    if (uid === 0 || !existsSync(nologin)) return undefined;
    return (await contents(nologin)) || 'This machine takes no logins now.\n';
  },
  text: async ({ request, pty }, { uid, home, command }) => {
    const isShell = request?.kind === 'shell' && command === undefined && pty !== undefined;
    if (!isShell || (await isHushed(home))) return '';
    const lastLogin = lastlog === null ? '' : await lastLoginLine(lastlog, uid);
    return lastLogin + (motd === null ? '' : await contents(motd));
  },
});

/** As if it were not there, where the home directory does not answer: the shell says more of that. */
const isHushed = (home: string): Promise<boolean> =>
  fileThreads
    .run(home, () => access(join(home, '.hushlogin')))
    .then(
      () => true,
      () => false,
    );

const contents = (file: string): Promise<string> =>
  readFile(file).then(
    bytes => bytes.subarray(0, MOST_BYTES).toString(),
    () => '',
  );
