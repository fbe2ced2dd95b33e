/**
 * Private keys in the formats people have: OpenSSH's own, PEM (RSA, EC), and PuTTY's. The only user of ssh2's key code.
 *
 * ssh2 only takes the file apart and undoes the passphrase; signing is node:crypto's, with a key object made once.
 * Nothing here opens a file, and an error never shows a byte of the key. Facts: OpenSSH PROTOCOL.key; ssh2 1.17.0
 * lib/protocol/keyParser.js and lib/keygen.js (parseDERs strips leading zeros of an ed25519 public key: 1 in 256 is bad).
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import keygen from 'ssh2/lib/keygen.js';
import keyParser, { type ParsedKey } from 'ssh2/lib/protocol/keyParser.js';
import { asError, ConfigError } from '../../transport/errors.ts';

export interface PrivateKey {
  /** The key type as on the wire, e.g. `ssh-ed25519`; `ssh-rsa` for RSA whatever it signs with. */
  readonly type: string;
  /** The public half, RFC 4253 §6.6. */
  readonly publicBlob: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface GeneratedKey {
  /** OpenSSH format, ends in a newline. Goes into a file of mode 0600 and nowhere else. */
  readonly privateText: string;
  /** `ssh-ed25519 AAAA… comment`, without a newline. */
  readonly publicLine: string;
}

/** As ssh-keygen's defaults: aes256-ctr under bcrypt, 16 rounds. */
const encryption = { cipher: 'aes256-ctr', rounds: 16 } as const;

/** string "ssh-ed25519" (4 + 11), string key (4 + 32). */
const ed25519BlobLength = 51;

/**
 * Read a private key from the text of its file. Throws ConfigError (option `private key`): not a private key,
 * encrypted and no passphrase, wrong passphrase, a type that OpenSSL here does not know.
 */
export function parsePrivateKey(text: string, passphrase?: string): PrivateKey {
  const key = parse(text, passphrase);
  if (!key.isPrivateKey()) throw new ConfigError('private key', 'this is a public key; give the file without .pub');
  return { type: key.type, publicBlob: key.getPublicSSH(), privateKey: toKeyObject(key) };
}

/** A new ed25519 key pair. `comment` may be empty and is one line; an empty passphrase means no encryption. */
export function generateEd25519(comment: string, passphrase?: string): GeneratedKey {
  if (/[\0\r\n]/.test(comment)) throw new ConfigError('comment', 'must be one line');
  const locked = passphrase === undefined || passphrase === '' ? {} : { ...encryption, passphrase };
  for (;;) {
    const pair = keygen.generateKeyPairSync('ed25519', { comment, ...locked });
    if (blobLength(pair.public) === ed25519BlobLength) return { privateText: pair.private, publicLine: pair.public };
  }
}

const blobLength = (publicLine: string): number => Buffer.from(publicLine.split(' ')[1] ?? '', 'base64').length;

function parse(text: string, passphrase: string | undefined): ParsedKey {
  const parsed = attempt(() => keyParser.parseKey(text, passphrase));
  if (parsed instanceof Error) throw new ConfigError('private key', explain(parsed.message));
  if (parsed === undefined) throw new ConfigError('private key', 'the file holds no key');
  return parsed;
}

function toKeyObject(key: ParsedKey): KeyObject {
  const made = attempt(() => createPrivateKey(key.getPrivatePEM()));
  if (!(made instanceof Error)) return made;
  throw new ConfigError('private key', `OpenSSL cannot use this ${key.type} key: ${made.message}`);
}

/** ssh2 mostly returns its errors, and sometimes throws them. */
function attempt<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (error) {
    return asError(error);
  }
}

/** What ssh2 says, and what it means for the person. */
const explanations: ReadonlyArray<readonly [said: RegExp, means: string]> = [
  [/no passphrase given/i, 'it is protected by a passphrase, and none was given'],
  [/bad passphrase|bad decrypt|wrong final block/i, 'the passphrase is wrong'],
  [/Unsupported key format/i, 'this is not a private key in OpenSSH, PEM or PuTTY format'],
];

const explain = (said: string): string => explanations.find(([pattern]) => pattern.test(said))?.[1] ?? said;
