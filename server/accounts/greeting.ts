/**
 * What a machine says to people before their shell: nologin(5) to keep everybody out, motd(5) to greet.
 *
 * There is no line about the last login: nothing here writes lastlog, and what others wrote would be told as if it were
 * complete (docs/decisions/). sshd session.c, do_nologin, do_motd, check_quietlogin.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../account.ts';
import type { Session } from '../session.ts';

/** In bytes; more of a file is not shown. */
const MOST_BYTES = 64 * 1024;

export interface GreetingFiles {
  /** While it exists, only root gets a session; others are told what is in it. @default '/etc/nologin' */
  readonly nologin?: string;
  /** Shown before a shell on a terminal, unless `~/.hushlogin` exists; null for none. @default '/etc/motd' */
  readonly motd?: string | null;
}

export interface Greeting {
  /** Why there is no session; undefined if there may be one. */
  readonly refusal: (account: Account) => Promise<string | undefined>;
  /** What to show before the program's output. */
  readonly text: (session: Session, account: Account) => Promise<string>;
}

export const greeting = ({ nologin = '/etc/nologin', motd = '/etc/motd' }: GreetingFiles = {}): Greeting => ({
  refusal: async ({ uid }) => {
    if (uid === 0 || !existsSync(nologin)) return undefined;
    return (await contents(nologin)) || 'This machine takes no logins now.\n';
  },
  text: async ({ request, pty }, { home, command }) => {
    const isShell = request?.kind === 'shell' && command === undefined && pty !== undefined;
    return isShell && motd !== null && !existsSync(join(home, '.hushlogin')) ? contents(motd) : '';
  },
});

const contents = (file: string): Promise<string> =>
  readFile(file).then(
    bytes => bytes.subarray(0, MOST_BYTES).toString(),
    () => '',
  );
