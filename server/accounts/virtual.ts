/**
 * Users that only the configuration knows: each has keys, and gets one command, or an account of the machine.
 *
 * Nobody else exists. A command runs as the serving user unless an account is named; another account needs root, and is
 * looked up at each session. What a shell's rules say of accounts (login-rules.ts) does not hold here: the list decides.
 */
import { holdsKey, readAuthorizedKeys } from '../../keys/authorized-keys-file.ts';
import type { PublicKey } from '../../keys/public-key.ts';
import { ConfigError } from '../../transport/errors.ts';
import type { ProgramRunner } from '../../transport/process/runner.ts';
import { servingAccount, type Account } from '../account.ts';
import type { Accounts } from './accounts.ts';
import { accountOf } from './system.ts';
import { findUser } from './user-database.ts';

export interface VirtualUser {
  /** @default [] */
  readonly keys?: readonly PublicKey[];
  /** A file of more keys, which the serving user or root owns; read anew at each login. @default none */
  readonly authorizedKeys?: string;
  /** Runs instead of whatever the client asks for: an absolute path, then arguments. @default what the client asks for */
  readonly command?: readonly [file: string, ...args: string[]];
  /** Name of an account of the machine. @default the serving user's, which then needs a command */
  readonly account?: string;
}

/** Throws ConfigError for a user without keys, or one who would get the serving user's shell without being told so. */
export function virtualAccounts(users: Readonly<Record<string, VirtualUser>>, programs: ProgramRunner): Accounts {
  const known = new Map(Object.entries(users));
  if (known.size === 0) throw new ConfigError('users', 'nobody could log in; name at least one user');
  for (const [name, user] of known) check(name, user);
  return {
    authorize: async (name, key) => {
      const user = known.get(name);
      const { keys = [], authorizedKeys } = user ?? [...known.values()][0] ?? {};
      const files = authorizedKeys === undefined ? [] : [await readAuthorizedKeys(authorizedKeys)];
      return user !== undefined && (keys.some(other => other.equals(key)) || holdsKey(files, key));
    },
    accountOf: async ({ user: name }) => {
      const user = known.get(name);
      if (!user) throw new Error(`${name} is no user of the configuration`);
      const { command } = user;
      return { ...(await accountNamed(user.account, programs)), name, ...(command ? { command } : {}) };
    },
  };
}

function check(name: string, { keys = [], authorizedKeys, command, account }: VirtualUser): void {
  if (keys.length === 0 && authorizedKeys === undefined) throw new ConfigError(`users.${name}`, 'has no keys');
  if (command === undefined && account === undefined) {
    throw new ConfigError(`users.${name}`, 'needs a command or an account; to give the serving user’s shell, name it');
  }
  if (command !== undefined && !command[0].startsWith('/')) {
    throw new ConfigError(`users.${name}.command`, `begins with the absolute path of a program, got "${command[0]}"`);
  }
  if (account !== undefined && account !== servingAccount().name && process.geteuid?.() !== 0) {
    throw new ConfigError(`users.${name}.account`, `only root can run programs as ${account}`);
  }
}

async function accountNamed(account: string | undefined, programs: ProgramRunner): Promise<Account> {
  if (account === undefined || account === servingAccount().name) return servingAccount();
  const user = await findUser(account, programs);
  if (!user) throw new Error(`there is no account ${account}`);
  return accountOf(user);
}
