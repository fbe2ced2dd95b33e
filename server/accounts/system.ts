/**
 * The machine's own users: each logs in with a key of their own authorized_keys and gets their own shell.
 *
 * For servers that root runs. Nobody is let in who may not log in by login-rules.ts; `~/.ssh/environment` is never read.
 * The file of keys is opened by root, so one is used only if its user owns it, or could read it anyway. Names that do
 * not exist take the same look-ups and the same reading of a file.
 */
import { join } from 'node:path';
import { holdsKey, readAuthorizedKeys, type ReadAuthorizedKeys } from '../../keys/authorized-keys-file.ts';
import { addressText } from '../../transport/address.ts';
import { ConfigError } from '../../transport/errors.ts';
import type { ProgramRunner } from '../../transport/process/runner.ts';
import type { Account } from '../account.ts';
import { filled } from '../../transport/option-group.ts';
import type { Accounts } from './accounts.ts';
import { loginRules, type LoginRules } from './login-rules.ts';
import { findUser, type SystemUser } from './user-database.ts';

export interface SystemAccountsOptions extends Partial<LoginRules> {
  /** Who runs the programs that look up users. */
  readonly programs: ProgramRunner;
  /** Hears why somebody was not let in although they may have had the right key. @default nobody does */
  readonly onRefusal?: (user: string, reason: string) => void;
  /** Hears what was read of a file of keys. @default nobody does */
  readonly onKeysRead?: (file: string, read: ReadAuthorizedKeys) => void;
}

export const loginRuleDefaults: LoginRules = Object.freeze({
  ...{ allowUsers: [], denyUsers: [], allowGroups: [], denyGroups: [] },
  permitRootLogin: false,
});

/** As sshd's compiled-in one. */
const UMASK = 0o022;

/** Stands for whoever does not exist. */
const noHome = '/nonexistent';

/** Throws ConfigError if a pattern is wrong, or if root does not run this process. */
export function systemAccounts({ programs, onRefusal, onKeysRead, ...rules }: SystemAccountsOptions): Accounts {
  if (process.geteuid?.() !== 0) {
    throw new ConfigError(
      'accounts',
      "'system' needs root; without root only the serving user can log in: accounts: self",
    );
  }
  const judge = loginRules(filled('system', rules, loginRuleDefaults));

  const keysOf = async (user: SystemUser | undefined): Promise<ReadAuthorizedKeys> => {
    const { home, identity: { uid } = { uid: -1 } } = user ?? { home: noHome };
    const file = join(home, '.ssh', 'authorized_keys');
    const read = await readAuthorizedKeys(file, { uid, home });
    if (user) onKeysRead?.(file, read);
    return read;
  };

  return {
    authorize: async (name, key, peer) => {
      const user = await findUser(name, programs);
      const read = await keysOf(user);
      const reason = user ? judge(user, peer) : undefined;
      if (reason !== undefined) onRefusal?.(name, reason);
      return user !== undefined && reason === undefined && holdsKey([read], key);
    },
    accountOf: async ({ user: name, peer }) => {
      const user = await findUser(name, programs);
      const reason = user ? judge(user, peer) : 'the user is no more';
      if (user && reason === undefined) return accountOf(user);
      throw new Error(`${name} from ${addressText(peer)} may not log in any more: ${reason ?? ''}`);
    },
  };
}

/** Groups are those of this moment: whoever joins one has it in the next session. */
export const accountOf = ({ name, identity, home, shell }: SystemUser): Account => ({
  ...{ name, uid: identity.uid, home, shell, identity },
  umask: UMASK,
});
