/**
 * Who may log in, by the setting `accounts`: `self`, only who runs nacre; `system`, the machine's users, for root;
 * `virtual`, the users of the setting `users`. There is no default that lets in anybody else than who runs it.
 */
import { parseAuthorizedKeys, readAuthorizedKeys } from '../keys/index.ts';
import {
  greeting,
  servingAccount,
  systemAccounts,
  virtualAccounts,
  type Accounts,
  type Greeting,
  type VirtualUser,
} from '../server/index.ts';
import { ConfigError } from '../transport/errors.ts';
import type { ProgramRunner } from '../transport/index.ts';
import { authorizeSelf, complaints, keyFileReports, type SelfLogin } from './authorize.ts';
import type { Io } from './io.ts';
import { openLog, type Log } from './logger.ts';
import type { Settings } from './settings.ts';

/** Made once there is somebody who runs programs. */
export type OpenAccounts = (programs: ProgramRunner) => { readonly accounts: Accounts; readonly greeting?: Greeting };

/** Only the person who runs this process. */
export const selfAccounts =
  (login: SelfLogin): OpenAccounts =>
  () => {
    const account = servingAccount();
    return { accounts: { authorize: authorizeSelf(login), accountOf: () => Promise.resolve(account) } };
  };

/** By the settings. Throws ConfigError for what would let nobody in. */
export function accountsOf(settings: Settings, io: Io, log: Log): OpenAccounts {
  return modes[settings.accounts](settings, io, log);
}

const modes: Readonly<Record<Settings['accounts'], (settings: Settings, io: Io, log: Log) => OpenAccounts>> = {
  self: (settings, io, log) => selfAccounts({ user: io.user, files: [requireAuthorizedKeys(settings)], log }),
  system: ({ system: { motd, lastlog, ...rules } }, _io, log) => {
    const reportKeys = keyFileReports(log);
    return programs => ({
      accounts: systemAccounts({
        ...{ ...rules, programs },
        onRefusal: (user, reason) => log({ event: 'account-refused', level: 'warn', user, reason }),
        onKeysRead: (file, read) => reportKeys(file, complaints(file, read)),
      }),
      greeting: greeting({ motd, lastlog }),
    });
  },
  virtual: ({ users }) => {
    const known = Object.fromEntries(Object.entries(users).map(([name, user]) => [name, virtualUser(name, user)]));
    return programs => ({ accounts: virtualAccounts(known, programs) });
  },
};

function virtualUser(
  name: string,
  { keys = [], authorizedKeys, command, account }: Settings['users'][string],
): VirtualUser {
  const read = parseAuthorizedKeys(keys.join('\n'));
  const [wrong] = read.refused;
  if (wrong) throw new ConfigError(`users.${name}.keys[${wrong.line - 1}]`, wrong.reason);
  const [file, ...args] = command ?? [];
  return {
    keys: read.keys.map(({ key }) => key),
    ...(authorizedKeys === undefined ? {} : { authorizedKeys }),
    ...(file === undefined ? {} : { command: [file, ...args] }),
    ...(account === undefined ? {} : { account }),
  };
}

function requireAuthorizedKeys({ authorizedKeys }: Settings): string {
  if (authorizedKeys !== null) return authorizedKeys;
  throw new ConfigError('authorizedKeys', 'nobody could log in; name a file of public keys: --authorized-keys FILE');
}

/** For `--check`. A line that is refused does not stop a server, but whoever asks should know. */
export async function checkAccounts(settings: Settings, io: Io): Promise<void> {
  const log = openLog('pretty', { ...io, out: io.err, colors: false });
  accountsOf(settings, io, log)({ spawn: neverSpawns, spawnPty: neverSpawns });
  if (settings.accounts !== 'self') return;
  const file = requireAuthorizedKeys(settings);
  const read = await readAuthorizedKeys(file, io.user);
  for (const event of complaints(file, read)) log(event);
  if ('keys' in read && read.keys.length > 0) return;
  throw new ConfigError('authorizedKeys', `${file} has no key that could log in`);
}

const neverSpawns = (): Promise<never> => Promise.reject(new Error('nothing is started to check settings'));
