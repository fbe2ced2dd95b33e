/** New key pairs: that the halves fit each other, and that making many of them comes to an end. */
import { spawnSync } from 'node:child_process';
import { createPublicKey, diffieHellman, sign, verify } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { newKeyPair } from '../../ssh/key-pair.ts';
import { build } from '../interop/build.ts';

/** DER in front of the 32 bytes of a public key, RFC 8410 §4. */
const prefixes = { x25519: '302a300506032b656e032100', ed25519: '302a300506032b6570032100' };
const imported = (type: keyof typeof prefixes, bytes: Buffer): ReturnType<typeof createPublicKey> =>
  createPublicKey({ key: Buffer.concat([Buffer.from(prefixes[type], 'hex'), bytes]), format: 'der', type: 'spki' });

test('the halves of an X25519 pair fit each other', () => {
  const [one, other] = [newKeyPair('x25519'), newKeyPair('x25519')];
  const ofOne = diffieHellman({ privateKey: one.privateKey, publicKey: imported('x25519', other.publicBytes) });
  const ofOther = diffieHellman({ privateKey: other.privateKey, publicKey: imported('x25519', one.publicBytes) });
  expect(ofOne).toEqual(ofOther);
  expect(one.publicBytes).not.toEqual(other.publicBytes);
});

test('the halves of an ed25519 pair fit each other', () => {
  const { publicBytes, privateKey } = newKeyPair('ed25519');
  const data = Buffer.from('what is signed');
  expect(verify(null, data, imported('ed25519', publicBytes), sign(null, data, privateKey))).toBe(true);
});

test('a collection while a pair is made does not stop the process for ever', () => {
  build();
  const child = fileURLToPath(new URL('../support/key-pairs-child.js', import.meta.url));
  const often = '--max-semi-space-size=1';
  const { stdout, signal } = spawnSync(process.execPath, [often, child, '8000'], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect({ stdout, signal }).toEqual({ stdout: '8000\n', signal: null });
}, 120_000);
