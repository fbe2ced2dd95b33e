/**
 * Host keys: the private keys by which a server is known, read from files or made on first use.
 *
 * Refused: DSA, RSA below 2048 bits, a file that others can read, a passphrase (nobody is there to type it), a private
 * half that does not fit its public half. Facts: sshd_config(5) HostKey; file modes are key-file.ts's business.
 */
import type { KeyObject } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { parsePrivateKey } from '../ssh/ssh2/private-key.ts';
import { message, string } from '../ssh/wire.ts';
import { asError, ConfigError, LocalMisuseError } from '../transport/errors.ts';
import { createKeyPair, KeyFileExists } from './create-key-pair.ts';
import { readPrivateFile } from './key-file.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';
import { algorithmsOf, signatureRuleFor } from './signature-algorithms.ts';

export interface HostKey {
  readonly publicKey: PublicKey;
  /** What it can sign with, in order of preference: `ssh-ed25519`, or `rsa-sha2-512`, `rsa-sha2-256`, or one ECDSA. */
  readonly algorithms: readonly string[];
  /**
   * Sign `data`. Answers the inner string of RFC 4253 §6.6, without the algorithm's name: 64 bytes for ed25519, a number
   * for RSA, `mpint r, mpint s` for ECDSA (RFC 5656 §3.1.2). LocalMisuseError unless `algorithm` is one of `algorithms`.
   */
  sign(data: Uint8Array, algorithm: string): Uint8Array;
}

/** Read a host key from `path`. Throws ConfigError, which says what to do next. */
export async function loadHostKey(path: string): Promise<HostKey> {
  const key = await tryLoad(path);
  if (key === undefined) throw wrong(path, `there is no such file; to make one: nacre keygen -f ${path}`);
  return key;
}

/** Make an ed25519 host key at `path` (0600, its directory 0700 if it is missing) and `path`.pub. Never replaces a file. */
export async function createHostKey(path: string): Promise<HostKey> {
  if (!(await tryCreate(path))) throw wrong(path, 'there is a file already, and a host key is never replaced');
  return loadHostKey(path);
}

/** The host key at `path`, made now if there is no such file. A file that is there and wrong is an error, not replaced. */
export async function loadOrCreateHostKey(path: string): Promise<HostKey> {
  const key = await tryLoad(path);
  if (key !== undefined) return key;
  await tryCreate(path);
  return loadHostKey(path);
}

/** False if there is a file already, perhaps made this very moment by another process. */
async function tryCreate(path: string): Promise<boolean> {
  try {
    await createKeyPair(path, { comment: `${userInfo().username}@${hostname()}` });
    return true;
  } catch (error) {
    if (error instanceof KeyFileExists) return false;
    throw error;
  }
}

async function tryLoad(path: string): Promise<HostKey | undefined> {
  try {
    const file = await readPrivateFile(path);
    if ('missing' in file) return undefined;
    if ('wrong' in file) throw wrong(path, file.wrong);
    return readHostKey(path, file.text);
  } catch (error) {
    throw error instanceof ConfigError ? error : wrong(path, asError(error).message, error);
  }
}

function readHostKey(path: string, text: string): HostKey {
  const { publicBlob, privateKey } = parse(path, text);
  const read = readPublicKey(publicBlob);
  if ('refused' in read) throw wrong(path, `${read.refused}; to make another: nacre keygen -f OTHER-FILE`);
  const hostKey = makeHostKey(read.key, privateKey);
  if (!fits(hostKey)) throw wrong(path, 'its private half does not fit its public half; the file is damaged');
  return hostKey;
}

function parse(path: string, text: string): ReturnType<typeof parsePrivateKey> {
  try {
    return parsePrivateKey(text);
  } catch (error) {
    const why = asError(error).message;
    const advice = why.includes('passphrase') ? `; a server needs a key without one: ssh-keygen -p -f ${path}` : '';
    throw wrong(path, why + advice, error);
  }
}

function makeHostKey(publicKey: PublicKey, privateKey: KeyObject): HostKey {
  const sign = (data: Uint8Array, algorithm: string): Uint8Array => {
    const rule = signatureRuleFor(algorithm, publicKey.type);
    if (rule === undefined) throw new LocalMisuseError(`a ${publicKey.type} key does not sign with '${algorithm}'`);
    return rule.sign(data, privateKey);
  };
  return Object.freeze({ publicKey, algorithms: algorithmsOf(publicKey.type), sign });
}

/** Sign something and look at it: the two halves are separate numbers in the file. */
function fits(key: HostKey): boolean {
  const [algorithm = ''] = key.algorithms;
  const probe = Buffer.from('nacre');
  return key.publicKey.verify(algorithm, probe, message(string(algorithm), string(key.sign(probe, algorithm))));
}

const wrong = (path: string, problem: string, cause?: unknown): ConfigError =>
  new ConfigError(`host key ${path}`, problem, cause === undefined ? undefined : { cause });
