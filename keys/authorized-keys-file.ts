/**
 * An authorized_keys file as sshd's StrictModes wants it: only its owner and root can have written it.
 *
 * Read anew every time, so that a key taken out is out. Refused: a file or a directory above it, up to the home
 * directory, that belongs to somebody else or that group or others may write; what is not a plain file; more than 1 MiB.
 * A file system that does not answer keeps one thread of libuv's (file-threads.ts), until the time is over: then nobody
 * knows what the file says, which is no refusal of a key (`holdsKey`).
 * One thing is let through that sshd refuses: a sticky directory such as /tmp, where only an owner can replace an entry.
 * Facts: OpenSSH misc.c safe_path, auth.c auth_openfile; unlink(2) EPERM.
 */
import { constants, type Stats } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { fileThreads } from '../transport/files/file-threads.ts';
import { NoAnswerError } from '../transport/patience.ts';
import { parseAuthorizedKeys, type AuthorizedKeys } from './authorized-keys.ts';
import { errorCode } from './error-code.ts';
import type { PublicKey } from './public-key.ts';

/** Whose file it has to be. */
export interface Owner {
  readonly uid: number;
  /** Directories above this one are not looked at, as in sshd. */
  readonly home: string;
}

export type FileRefusalCode =
  'missing' | 'unreadable' | 'no-answer' | 'not-a-file' | 'too-large' | 'wrong-owner' | 'writable-by-others';

/** Why none of the file's keys is used. */
export interface FileRefusal {
  readonly code: FileRefusalCode;
  /** The file, or the directory above it, that is wrong. */
  readonly path: string;
  /** For a person, with what to do about it. */
  readonly reason: string;
}

export type ReadAuthorizedKeys = AuthorizedKeys | { readonly refusal: FileRefusal };

/** In bytes: about 10,000 ed25519 keys. */
const sizeLimit = 1_048_576;

/** Group and others may write. */
const othersMayWrite = 0o022;

const othersMayRead = 0o004;

/** Only the owner of an entry, of the directory, or root can rename or remove it. */
const sticky = 0o1000;

/** Read `path` now. Never throws for what is wrong with the file. @param owner by default, who runs this process */
export async function readAuthorizedKeys(path: string, owner: Owner = thisUser()): Promise<ReadAuthorizedKeys> {
  try {
    return await fileThreads.run(owner.home, () => readNow(path, owner));
  } catch (error) {
    if (error instanceof NoAnswerError) return refuse('no-answer', path, `${error.message}; is a file system dead?`);
    const code = errorCode(error);
    if (code === 'ENOENT') return refuse('missing', path, 'there is no such file');
    return refuse('unreadable', path, `it cannot be read (${code ?? 'unknown error'})`);
  }
}

/**
 * Whether one of `files` has `key`. Throws NoAnswerError if none has that could be read, and one has not answered: so
 * `authorize` of a server rejects, and nobody is penalised for a key that may be right.
 */
export function holdsKey(files: readonly ReadAuthorizedKeys[], key: PublicKey): boolean {
  if (files.some(read => 'keys' in read && read.keys.some(entry => entry.key.equals(key)))) return true;
  for (const read of files) {
    if ('refusal' in read && read.refusal.code === 'no-answer') {
      throw new NoAnswerError(`${read.refusal.path}: ${read.refusal.reason}`);
    }
  }
  return false;
}

const thisUser = (): Owner => ({ uid: userInfo().uid, home: userInfo().homedir });

async function readNow(path: string, owner: Owner): Promise<ReadAuthorizedKeys> {
  const real = await realpath(path);
  return (await refuseDirectories(real, owner)) ?? (await readFileOf(real, owner));
}

/** O_NONBLOCK: opening a named pipe must not wait for a writer. */
async function readFileOf(path: string, owner: Owner): Promise<ReadAuthorizedKeys> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return refuse('not-a-file', path, 'it is not a plain file');
    if (stats.size > sizeLimit)
      return refuse('too-large', path, `it has ${stats.size} bytes; ${sizeLimit} are allowed`);
    return (
      refuseMode(path, stats, owner) ??
      refuseSecret(path, stats, owner) ??
      parseAuthorizedKeys(await file.readFile('utf8'))
    );
  } finally {
    await file.close();
  }
}

async function refuseDirectories(path: string, owner: Owner): Promise<{ refusal: FileRefusal } | undefined> {
  const home = await realpath(owner.home).catch(() => owner.home);
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const { uid, mode } = await lstat(directory);
    const refused = refuseMode(directory, { uid, mode: (mode & sticky) === 0 ? mode : 0 }, owner);
    if (refused !== undefined) return refused;
    if (directory === home || directory === dirname(directory)) return undefined;
  }
}

function refuseMode(
  path: string,
  { uid, mode }: Pick<Stats, 'uid' | 'mode'>,
  owner: Owner,
): { refusal: FileRefusal } | undefined {
  if (uid !== 0 && uid !== owner.uid) {
    return refuse('wrong-owner', path, `it belongs to user ${uid}, not to user ${owner.uid} or root`);
  }
  if ((mode & othersMayWrite) === 0) return undefined;
  const bits = (mode & 0o7777).toString(8).padStart(4, '0');
  return refuse(
    'writable-by-others',
    path,
    `group or others may write to it (mode ${bits}); close it: chmod go-w ${path}`,
  );
}

/** Reading for somebody else, a link must not lead to what they could not read: its lines could be told in a log. */
function refuseSecret(
  path: string,
  { uid, mode }: Pick<Stats, 'uid' | 'mode'>,
  owner: Owner,
): { refusal: FileRefusal } | undefined {
  const isTheirs = uid === owner.uid || owner.uid === process.geteuid?.();
  if (isTheirs || (mode & othersMayRead) !== 0) return undefined;
  return refuse('unreadable', path, `user ${owner.uid} does not own it and might not be able to read it`);
}

const refuse = (code: FileRefusalCode, path: string, reason: string): { refusal: FileRefusal } => ({
  refusal: { code, path, reason },
});
