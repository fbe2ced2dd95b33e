/** What no profile may offer, and what the default one does. */
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles, type Algorithms } from '../../ssh/algorithms.ts';

/** What, and why not. */
const forbidden: Array<[pattern: RegExp, reason: string]> = [
  [/sha1|md5/, 'broken hashes'],
  [/group-exchange/, 'the engine cannot serve it'],
  [/group1\b|group14\b/, 'groups of 1024 and 2048 bits'],
  [/zlib/, 'inflating a stranger’s bytes before login is a memory bomb'],
  [/-cbc/, 'CBC with a MAC beside it leaks (CVE-2008-5161)'],
  [/3des|arcfour|blowfish|cast128|idea/, 'old ciphers'],
  [/ripemd|umac-64|-96/, 'short or old MACs'],
];

const all = ({ kex, ciphers, macs, compression }: Algorithms): string[] => [
  ...kex,
  ...ciphers,
  ...macs,
  ...compression,
];

for (const [name, profile] of Object.entries(algorithmProfiles) as Array<[string, Algorithms]>) {
  describe(`the profile ${name}`, () => {
    for (const [pattern, reason] of forbidden) {
      test(`offers nothing like ${pattern.source}: ${reason}`, () => {
        expect(all(profile).filter(algorithm => pattern.test(algorithm))).toEqual([]);
      });
    }

    test('offers no compression at all', () => expect(profile.compression).toEqual(['none']));
    test('names nothing twice', () => expect(new Set(all(profile)).size).toBe(all(profile).length));
    test('prefers authenticated encryption', () => expect(profile.ciphers[0]).toMatch(/gcm|poly1305/));
  });
}

test('the default prefers the hybrid with ML-KEM, takes only curve25519 beside it, and no MAC that is not encrypt-then-MAC', () => {
  const { kex, macs } = algorithmProfiles.modern;
  expect(kex).toEqual(['mlkem768x25519-sha256', 'curve25519-sha256', 'curve25519-sha256@libssh.org']);
  expect(macs.filter(mac => !mac.includes('-etm@'))).toEqual([]);
});

test('strict is post-quantum and authenticated encryption, and nothing that modern does not have', () => {
  const { modern, strict } = algorithmProfiles;
  expect(strict.kex).toEqual(['mlkem768x25519-sha256']);
  expect(strict.ciphers.filter(cipher => !/gcm|poly1305/.test(cipher))).toEqual([]);
  expect(all(strict).filter(name => !all(modern).includes(name))).toEqual([]);
});

test('compatible is modern first, then what older peers need', () => {
  const { modern, compatible } = algorithmProfiles;
  expect(compatible.kex.slice(0, modern.kex.length)).toEqual(modern.kex);
  expect(compatible.macs.slice(0, modern.macs.length)).toEqual(modern.macs);
});
