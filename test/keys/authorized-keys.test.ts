/** Which lines of authorized_keys give a key, and why the others do not. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import { parseAuthorizedKeys } from '../../keys/authorized-keys.ts';
import { makeKey, temporaryDirectory } from '../support/ssh-keygen.ts';

const directory = temporaryDirectory();
const line = (type: string, ...options: string[]): string =>
  readFileSync(`${makeKey(directory, type, ...options)}.pub`, 'utf8').trim();
const ed25519 = line('ed25519');
const [, base64] = ed25519.split(' ');
const bare = `ssh-ed25519 ${base64}`;

// what stands in the file, the comment of the one key it gives, why
const accepted: Array<[content: string, comment: string, why: string]> = [
  [ed25519, 'ed25519@test', 'as ssh-keygen writes it'],
  [bare, '', 'a comment is not needed'],
  [`${bare} my  own "laptop, blue`, 'my  own "laptop, blue', 'quotation marks mean nothing in a comment'],
  [` \t${ed25519}\r\n`, 'ed25519@test', 'blanks around, Windows line ends'],
  [`# ${bare}\n\n${ed25519}\n`, 'ed25519@test', 'comments and empty lines are nothing'],
  [line('rsa', '-b', '2048'), 'rsa@test', 'RSA of 2048 bits'],
  [line('ecdsa', '-b', '256'), 'ecdsa@test', 'ECDSA'],
];
describe('lines that give a key', () => {
  for (const [content, comment, why] of accepted) {
    test(why, () => {
      const { keys, refused } = parseAuthorizedKeys(content);
      expect(refused).toEqual([]);
      expect(keys.map(key => key.comment)).toEqual([comment]);
    });
  }
});

const refused: Array<[content: string, reason: RegExp, why: string]> = [
  [`restrict ${bare}`, /^option 'restrict' is not supported/, 'it would close what we would leave open'],
  [`from="10.0.0.0/8" ${bare}`, /^option 'from' /, 'the same'],
  [`command="echo \\"a b\\" # ssh-ed25519" ${bare}`, /^option 'command' /, 'escaped quotes and blanks inside quotes'],
  [`no-pty,command="x" ${bare}`, /^option 'no-pty' /, 'the first of several'],
  [`cert-authority ${bare}`, /^option 'cert-authority' /, 'a certificate authority is not a login key'],
  [
    `environment="A=ssh-ed25519 AAAA" ${bare}`,
    /^option 'environment' /,
    'something like a key inside quotes is no key',
  ],
  [`command="x ${bare}`, /a quotation mark is not closed/, 'sshd refuses the line, too'],
  [`nonsense ${bare}`, /^option 'nonsense' /, 'what is not known may be a restriction'],
  [`${bare.slice(0, -12)}`, /damaged/, 'cut short'],
  ['ssh-ed25519', /not base64/, 'no key'],
  ['ssh-ed25519 ====', /not base64/, 'no key'],
  [`ssh-rsa ${base64}`, /the line says ssh-rsa, the key is ssh-ed25519/, 'the key itself decides'],
  [line('rsa', '-b', '1024'), /1024 bits is too short/, 'OpenSSH RequiredRSASize'],
  [line('dsa'), /'ssh-dss' are not accepted/, 'DSA'],
  [
    'sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t',
    /not accepted/,
    'security keys are not understood',
  ],
  ['hello world', /this is not a key/, 'text'],
  [`${bare} ${'x'.repeat(20_000)}`, /longer than 16384/, 'SSH_MAX_PUBKEY_BYTES'],
  ['\0', /this is not a key/, 'a zero byte'],
];
describe('lines that give none', () => {
  for (const [content, reason, why] of refused) {
    test(`${JSON.stringify(content.slice(0, 40))}: ${reason.source} (${why})`, () => {
      expect(parseAuthorizedKeys(content)).toEqual({
        keys: [],
        refused: [{ line: 1, reason: expect.stringMatching(reason) }],
      });
    });
    test(`${JSON.stringify(content.slice(0, 40))} hides neither the line above it nor the one below`, () => {
      const both = parseAuthorizedKeys(`${bare} above\n${content}\n${bare} below`);
      expect(both.keys.map(key => [key.line, key.comment])).toEqual([
        [1, 'above'],
        [3, 'below'],
      ]);
    });
  }
});

test('whatever a line holds, nothing is thrown and no key appears that the line does not end with', () => {
  const pieces = fc.constantFrom('"', '\\"', ' ', ',', '=', 'command', 'ssh-ed25519', 'AAAA', '#', '\t', 'é', '\0');
  fc.assert(fc.property(fc.array(pieces), parts => parseAuthorizedKeys(parts.join('')).keys.length === 0));
});
