/** Private keys that ssh-keygen wrote, and private keys that ssh-keygen must read. */
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateEd25519, parsePrivateKey } from '../../../ssh/ssh2/private-key.ts';
import { makeKey, publicBlob, sshKeygen, temporaryDirectory } from '../../support/ssh-keygen.ts';

const directory = temporaryDirectory();

describe('reading what ssh-keygen wrote', () => {
  const files: Array<[type: string, options: string[], name: string, why: string]> = [
    ['ed25519', [], 'ssh-ed25519', 'OpenSSH format'],
    ['rsa', ['-b', '2048'], 'ssh-rsa', 'OpenSSH format'],
    ['rsa', ['-b', '2048', '-m', 'PEM'], 'ssh-rsa', 'PKCS#1, what old files are'],
    ['ecdsa', ['-b', '256'], 'ecdsa-sha2-nistp256', 'OpenSSH format'],
    ['ecdsa', ['-b', '384'], 'ecdsa-sha2-nistp384', 'OpenSSH format'],
    ['ecdsa', ['-b', '521', '-m', 'PEM'], 'ecdsa-sha2-nistp521', 'SEC 1, what old files are'],
  ];
  for (const [type, options, name, why] of files) {
    test(`${type} ${options.join(' ')} gives the public key ssh-keygen gave (${why})`, () => {
      const path = makeKey(directory, type, ...options);
      const key = parsePrivateKey(readFileSync(path, 'utf8'));
      expect(key.type).toBe(name);
      expect(Buffer.from(key.publicBlob)).toEqual(publicBlob(path));
      expect(key.privateKey.type).toBe('private');
    });
  }
});

describe('the passphrase', () => {
  const path = join(directory, 'locked');
  sshKeygen(['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', path]);
  const text = readFileSync(path, 'utf8');
  test('opens the key', () =>
    expect(Buffer.from(parsePrivateKey(text, 'open sesame').publicBlob)).toEqual(publicBlob(path)));
  test('is asked for when it is missing', () =>
    expect(() => parsePrivateKey(text)).toThrow(/passphrase, and none was given/));
  test('is wrong when it is wrong', () => expect(() => parsePrivateKey(text, 'x')).toThrow(/the passphrase is wrong/));
});

describe('what is not a private key', () => {
  const refused: Array<[what: string, text: string, says: RegExp]> = [
    ['nothing', '', /not a private key/],
    ['other text', 'hello\n', /not a private key/],
    ['a public key', generateEd25519('c').publicLine, /this is a public key; give the file without \.pub/],
    ['half a file', generateEd25519('c').privateText.slice(0, 120), /private key/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /private key/],
  ];
  for (const [what, text, says] of refused) {
    test(`${what} is a ConfigError that says so`, () => {
      expect(() => parsePrivateKey(text)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
      expect(() => parsePrivateKey(text)).toThrow(says);
    });
  }
});

describe('making a key', () => {
  for (const [name, passphrase] of [
    ['without a passphrase', ''],
    ['with a passphrase', 'pâsswörd 日'],
  ] as const) {
    test(`ssh-keygen -y reads a key made ${name}, and finds the same public key and comment`, () => {
      const path = join(directory, `made-${name.length}`);
      const made = generateEd25519('me@here', passphrase);
      writeFileSync(path, made.privateText, { mode: 0o600 });
      expect(sshKeygen(['-y', '-P', passphrase, '-f', path]).trim()).toBe(made.publicLine);
      expect(made.publicLine.endsWith(' me@here')).toBe(true);
    });
  }
  test('a passphrase keeps others out: without it, and with another, ssh-keygen cannot read the key', () => {
    const path = join(directory, 'shut');
    writeFileSync(path, generateEd25519('', 'secret').privateText, { mode: 0o600 });
    for (const wrong of ['', 'x']) expect(() => sshKeygen(['-y', '-P', wrong, '-f', path])).toThrow();
  });
  test('no public key is ever cut short (ssh2 1.17.0 drops leading zero bytes: 1 key in 256)', () => {
    const lengths = Array.from(
      { length: 1200 },
      () => Buffer.from(generateEd25519('').publicLine.split(' ')[1]!, 'base64').length,
    );
    expect(new Set(lengths)).toEqual(new Set([51]));
  });
  test('a comment cannot bring a second line', () =>
    expect(() => generateEd25519('a\nssh-ed25519 AAAA')).toThrow(/one line/));
});
