/** Keys for tests, made in memory by the stock ssh2 library; nothing of ours signs here, so ours can be judged. */
import { createHash, createPrivateKey, sign as signWith } from 'node:crypto';
import { message, string } from '../../ssh/wire.ts';
import { stock, wireSignature } from './ssh2.ts';

export interface TestKey {
  /** Private half, OpenSSH format. */
  readonly text: string;
  /** As in the blob. */
  readonly type: string;
  readonly blob: Buffer;
  readonly fingerprint: string;
  /** `string algorithm, string signature`; the algorithm's name is taken as given. */
  sign(algorithm: string, data: Uint8Array): Buffer;
}

const recipes = {
  ed25519: { type: 'ed25519' },
  rsa: { type: 'rsa', options: { bits: 2048 } },
  'rsa-1024': { type: 'rsa', options: { bits: 1024 } },
  'ecdsa-256': { type: 'ecdsa', options: { bits: 256 } },
  'ecdsa-384': { type: 'ecdsa', options: { bits: 384 } },
  'ecdsa-521': { type: 'ecdsa', options: { bits: 521 } },
} as const;

export type KeyKind = keyof typeof recipes;

/** The hash of each algorithm; only RSA keys can choose, so others ignore what they are asked for. */
const hashes: Readonly<Record<string, string>> = {
  'rsa-sha2-256': 'sha256',
  'rsa-sha2-512': 'sha512',
  'ssh-rsa': 'sha1',
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
};

export function makeTestKey(kind: KeyKind = 'ed25519'): TestKey {
  const recipe: { type: string; options?: { bits: number } } = recipes[kind];
  const { private: text } = stock.utils.generateKeyPairSync(recipe.type, recipe.options);
  const key = stock.utils.parseKey(text);
  if (key instanceof Error) return makeTestKey(kind); // ssh2 drops leading zeros of ed25519 keys, and cannot read them
  const blob = key.getPublicSSH();
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  const privateKey = createPrivateKey(key.getPrivatePEM()); // reading it takes ten times longer than signing
  const sign = (algorithm: string, data: Uint8Array): Buffer => {
    const hash = (key.type === 'ssh-rsa' && hashes[algorithm]) || hashes[key.type];
    return message(string(algorithm), string(wireSignature(signWith(hash, data, privateKey), key.type)));
  };
  return { text, type: key.type, blob, fingerprint: `SHA256:${digest}`, sign };
}
