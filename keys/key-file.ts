/**
 * Private keys as files: read only if nobody else can read them, written whole or not at all, never over another.
 *
 * Nothing here knows what a key is. Facts: OpenSSH sshkey_perm_ok (mode & 077; we ask it whoever owns the file).
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './error-code.ts';

/** Far above any key; a file beyond it is not one. */
const sizeLimit = 65_536;

/** What ssh calls "permissions are too open". */
const othersMayRead = 0o077;

/** `wrong` is what is wrong with the file, and what to do about it. */
export type PrivateText = { readonly text: string } | { readonly missing: true } | { readonly wrong: string };

/** Read a private key's file. Only the two expected refusals are answered; anything else the system says is thrown. */
export async function readPrivateFile(path: string): Promise<PrivateText> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { missing: true };
    throw error;
  }
  try {
    return await readOpened(file, path);
  } finally {
    await file.close();
  }
}

async function readOpened(file: FileHandle, path: string): Promise<PrivateText> {
  const { mode, size } = await file.stat();
  const bits = (mode & 0o777).toString(8).padStart(4, '0');
  if ((mode & othersMayRead) !== 0)
    return { wrong: `others can read it (mode ${bits}); make it private: chmod 600 ${path}` };
  if (size > sizeLimit) return { wrong: `${size} bytes are not a private key` };
  return { text: await file.readFile('utf8') };
}

/**
 * Write a key pair: `path` with mode 0600 and `path`.pub with 0644; directories that are missing are made with 0700.
 * An existing file is an error (`EEXIST`) and stays as it is, unless `replace`.
 */
export async function writeKeyPair(
  path: string,
  pair: { readonly privateText: string; readonly publicLine: string },
  options: { readonly replace: boolean },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const place = options.replace ? rename : link;
  await writeThrough(path, pair.privateText, 0o600, place);
  await writeThrough(`${path}.pub`, `${pair.publicLine}\n`, 0o644, rename);
}

/** Under another name first, so that nobody ever sees half a file. `link`, unlike `rename`, never replaces. */
async function writeThrough(path: string, text: string, mode: number, place: typeof rename): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode, flag: 'wx' });
    await place(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
