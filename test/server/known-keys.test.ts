/** Keys that have logged in are read once; those of strangers are read each time and take up nothing. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parsePublicKey, readPublicKey, type PublicKey } from '../../keys/public-key.ts';
import { KnownKeys } from '../../server/known-keys.ts';
import { message, string } from '../../ssh/wire.ts';

function newBlob(): Buffer {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return message(string('ssh-ed25519'), string(Buffer.from(x, 'base64url')));
}

const read = (keys: KnownKeys, blob: Buffer): PublicKey => {
  const answer = keys.read(Buffer.from(blob));
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.key;
};

test('a key that has logged in is the same one when it comes again', () => {
  const keys = new KnownKeys();
  const key = parsePublicKey(newBlob());
  keys.keep(key);
  expect(read(keys, Buffer.from(key.blob))).toBe(key);
});

test('one that has only been asked about is read each time', () => {
  const keys = new KnownKeys();
  const blob = newBlob();
  expect(read(keys, blob)).not.toBe(read(keys, blob));
});

test('bytes that are no key are refused with the same words', () => {
  expect(new KnownKeys().read(Buffer.from('no key'))).toEqual(readPublicKey(Buffer.from('no key')));
});

test('a thousand are kept, and the one that has not come for longest goes first', () => {
  const keys = new KnownKeys();
  const all = Array.from({ length: 1_001 }, () => parsePublicKey(newBlob()));
  const [first, second, ...others] = all as [PublicKey, PublicKey, ...PublicKey[]];
  for (const key of [first, second, ...others.slice(1), first, ...others.slice(0, 1)]) keys.keep(key);
  expect(read(keys, Buffer.from(first.blob))).toBe(first);
  expect(read(keys, Buffer.from(second.blob))).not.toBe(second);
});
