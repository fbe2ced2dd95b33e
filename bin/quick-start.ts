/**
 * What `nacre start` needs: a host key, who may log in, and with which key the person can do so from this machine.
 *
 * Makes what is missing, replaces nothing. The demo key is made and let in only if no private key in ~/.ssh fits a key
 * in ~/.ssh/authorized_keys.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  loadOrCreateHostKey,
  parseAuthorizedKeys,
  readAuthorizedKeys,
  type HostKey,
  type PublicKey,
  type ReadAuthorizedKeys,
} from '../keys/index.ts';

export interface QuickStart {
  readonly hostKey: HostKey;
  readonly hostKeyFile: string;
  readonly hostKeyIsNew: boolean;
  /** ~/.ssh/authorized_keys, absolute. */
  readonly authorizedKeysFile: string;
  readonly authorized: ReadAuthorizedKeys;
  /** The private key to log in with, absolute. */
  readonly identityFile: string;
  /** Set if `identityFile` is the demo key. */
  readonly demoKey: PublicKey | undefined;
}

/** Throws ConfigError if a key cannot be read or made. */
export async function prepareQuickStart(
  keysDirectory: string,
  user: { uid: number; home: string },
): Promise<QuickStart> {
  const hostKeyFile = join(keysDirectory, 'ssh_host_ed25519_key');
  const hostKeyIsNew = !existsSync(hostKeyFile);
  const hostKey = await loadOrCreateHostKey(hostKeyFile);
  const authorizedKeysFile = join(user.home, '.ssh', 'authorized_keys');
  const authorized = await readAuthorizedKeys(authorizedKeysFile, user);
  const own =
    'keys' in authorized
      ? await ownIdentity(
          join(user.home, '.ssh'),
          authorized.keys.map(({ key }) => key),
        )
      : undefined;
  const demo = own === undefined ? await demoIdentity(keysDirectory) : undefined;
  return {
    ...{ hostKey, hostKeyFile, hostKeyIsNew, authorizedKeysFile, authorized },
    identityFile: own ?? demo?.file ?? '',
    demoKey: demo?.key,
  };
}

/** A demo key is kept as strictly as a host key, so the same code reads and makes it. */
async function demoIdentity(directory: string): Promise<{ file: string; key: PublicKey }> {
  const file = join(directory, 'demo_ed25519');
  return { file, key: (await loadOrCreateHostKey(file)).publicKey };
}

/** The first private key in `directory` whose public key is one of `keys`; those that ssh tries by itself first. */
async function ownIdentity(directory: string, keys: readonly PublicKey[]): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  const files = names.filter(name => name.endsWith('.pub')).map(name => join(directory, name.slice(0, -'.pub'.length)));
  for (const file of files.sort(
    (a, b) => Number(isDefaultIdentity(b, directory)) - Number(isDefaultIdentity(a, directory)),
  )) {
    const text = existsSync(file) ? await readFile(`${file}.pub`, 'utf8').catch(() => '') : '';
    const [entry] = parseAuthorizedKeys(text).keys;
    if (entry && keys.some(key => key.equals(entry.key))) return file;
  }
  return undefined;
}

/** ssh(1) -i: the names it tries without being told. */
export const isDefaultIdentity = (file: string, sshDirectory: string): boolean =>
  ['id_ed25519', 'id_ecdsa', 'id_rsa'].some(name => file === join(sshDirectory, name));
