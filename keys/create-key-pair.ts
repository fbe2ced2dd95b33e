/** New ed25519 key pairs on disk, for host keys and for people. Facts: ssh-keygen(1). */
import { generateEd25519 } from '../ssh/ssh2/private-key.ts';
import { asError, ConfigError } from '../transport/errors.ts';
import { errorCode } from './error-code.ts';
import { writeKeyPair } from './key-file.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';

export interface KeyPairOptions {
  /** One line; may be empty. */
  readonly comment: string;
  /** Empty or absent means that the file is not encrypted. */
  readonly passphrase?: string;
  /** Replace a file that is there. @default false */
  readonly replace?: boolean;
}

/** Thrown when there is a file already; nothing was changed. */
export class KeyFileExists extends Error {}

/**
 * Write a new private key to `path` (0600; missing directories 0700) and its public key to `path`.pub (0644).
 * Throws KeyFileExists, or ConfigError if the files cannot be written.
 */
export async function createKeyPair(
  path: string,
  { comment, passphrase, replace = false }: KeyPairOptions,
): Promise<PublicKey> {
  const pair = generateEd25519(comment, passphrase);
  try {
    await writeKeyPair(path, pair, { replace });
  } catch (error) {
    if (errorCode(error) === 'EEXIST')
      throw new KeyFileExists(`${path}: there is a file already, and it stays as it is`);
    throw new ConfigError(path, `cannot be written (${errorCode(error) ?? asError(error).message})`, { cause: error });
  }
  const read = readPublicKey(Buffer.from(pair.publicLine.split(' ')[1] ?? '', 'base64'));
  if ('refused' in read) throw new Error(`a new key is not acceptable: ${read.refused}`);
  return read.key;
}
