/** The small things a command line is made of: addresses, times, near misses, escapes, shell words. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import { durationText, parseDuration } from '../../bin/duration.ts';
import { escapeJsonLine, escapeText } from '../../transport/escape.ts';
import { listenAddressText, parseListenAddress } from '../../bin/listen-address.ts';
import { nearest } from '../../server/nearest.ts';
import { knownHostsLine, shellQuote, sshLine, withKnownHost } from '../../bin/ssh-line.ts';
import { settingNames } from '../../bin/settings.ts';
import { parseSize, sizeText } from '../../bin/size.ts';
import { parsePublicKey } from '../../keys/public-key.ts';
import { generateEd25519 } from '../../ssh/ssh2/private-key.ts';

describe('sizes', () => {
  const good: Array<[text: string, bytes: number]> = [
    ['0', 0],
    ['1', 1],
    ['65536', 65_536],
    ['64KiB', 65_536],
    ['16MiB', 16_777_216],
    ['3GiB', 3_221_225_472],
  ];
  test.each(good)('%s is %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));
  test.each(['', '1MB', '1 MiB', '-1', '1.5GiB', '1e3', 'MiB', '1kib'])('%j is none', text => {
    expect(parseSize(text)).toMatch(/is not a size/);
  });
  test('are written so that they are read back', () => {
    fc.assert(fc.property(fc.nat(), bytes => expect(parseSize(String(sizeText(bytes)))).toBe(bytes)));
    expect([sizeText(65_536), sizeText(1_048_577), sizeText(0)]).toEqual(['64KiB', 1_048_577, 0]);
  });
});

describe('HOST:PORT', () => {
  const good: Array<[text: string, host: string, port: number]> = [
    ['127.0.0.1:2222', '127.0.0.1', 2222],
    ['localhost:0', 'localhost', 0],
    ['[::1]:22', '::1', 22],
    ['[fe80::1%eth0]:65535', 'fe80::1%eth0', 65535],
  ];
  for (const [text, host, port] of good) {
    test(`${text} is ${host} and ${port}, and is written the same`, () => {
      expect(parseListenAddress(text)).toEqual({ host, port });
      expect(listenAddressText({ host, port })).toBe(text);
    });
  }
  for (const bad of [
    '',
    '2222',
    ':2222',
    'host:',
    'host:x',
    'host:-1',
    '::1:22',
    '[]:22',
    'a b:22',
    'host:22 ',
    '1.2.3.4:99999',
  ]) {
    test(`'${bad}' is refused with a reason`, () => expect(parseListenAddress(bad)).toMatch(/HOST:PORT|above 65535/));
  }
});

describe('times', () => {
  const good: Array<[text: string, milliseconds: number]> = [
    ['0', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ];
  for (const [text, milliseconds] of good) {
    test(`${text} is ${milliseconds} ms, and is written the same`, () => {
      expect(parseDuration(text)).toBe(milliseconds);
      expect(durationText(milliseconds)).toBe(text);
    });
  }
  for (const bad of ['', '5', '-1s', '1.5s', '1 s', '5d', 's', 'Infinity']) {
    test(`'${bad}' is refused: a unit is needed`, () =>
      expect(parseDuration(bad)).toMatch(/give a number and its unit/));
  }
  test('what a timer cannot wait for is refused, or it would fire at once', () =>
    expect(parseDuration('600h')).toMatch(/24 days/));
});

describe('the nearest known name', () => {
  const facts: Array<[word: string, meant: string | undefined]> = [
    ['lisen', 'listen'],
    ['hostkeys', 'hostKeys'],
    ['hostKey', 'hostKeys'],
    ['authorizedkey', 'authorizedKeys'],
    ['drain', undefined],
    ['lgo', 'log'],
    ['passwordAuthentication', undefined],
  ];
  for (const [word, meant] of facts) test(`${word} → ${meant}`, () => expect(nearest(word, settingNames)).toBe(meant));
});

describe('text from somebody else', () => {
  // what, what is printed, why
  const facts: Array<[text: string, printed: string, why: string]> = [
    ['plain é 日 👩‍🚀'.replaceAll('\u200d', ''), 'plain é 日 👩🚀', 'people’s own words stay'],
    ['\x1b[2J', '\\u001b[2J', 'C0: ESC begins control sequences'],
    ['a\r\nb', 'a\\u000d\\u000ab', 'C0: a second log line'],
    ['\x7f', '\\u007f', 'DEL'],
    ['\x9b31m', '\\u009b31m', 'C1: CSI in one character'],
    ['\u202egnp.exe\u2069', '\\u202egnp.exe\\u2069', 'bidi, Trojan Source'],
    ['\u2066\u061c\u200f', '\\u2066\\u061c\\u200f', 'bidi isolates and marks'],
    ['\u2028\u2029', '\\u2028\\u2029', 'line separators'],
    ['a\u200bb\ufeff\u00ad', 'a\\u200bb\\ufeff\\u00ad', 'nothing to see'],
    ['\ud83d', '\\ud83d', 'half a character'],
    ['\u{e0041}', '\\udb40\\udc41', 'tag characters'],
    ['\\u001b', '\\\\u001b', 'an escape that is only spelled out must not look like one'],
  ];
  for (const [text, printed, why] of facts) {
    test(`${printed} (${why})`, () => expect(escapeText(text)).toBe(printed));
    test(`${printed} in JSON is harmless and comes back unchanged`, () => {
      const line = escapeJsonLine(JSON.stringify(text));
      expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
      expect(JSON.parse(line)).toBe(text);
    });
  }
  test('no C0, DEL, C1, bidi control or line separator is left, in any text', () => {
    const dangerous = /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !dangerous.test(escapeText(text))));
  });
});

test('a quoted word comes out of a real shell as it went in', () => {
  for (const word of ['plain/path-1.x', 'two words', `it's`, '$HOME `id` "x" \\ !', '', '*', '~', 'é;|&<>(){}#']) {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(word)}`], { encoding: 'utf8' })).toBe(word);
  }
});

describe('the line to paste', () => {
  const base = { user: 'me', address: { host: '127.0.0.1', port: 2222 }, knownHostsFile: '/k' };
  // what is special, the line, why
  const facts: Array<[line: Parameters<typeof sshLine>[0], text: string, why: string]> = [
    [base, 'ssh -p 2222 -o UserKnownHostsFile=/k me@127.0.0.1', 'nothing more than needed'],
    [
      { ...base, address: { host: '0.0.0.0', port: 22 } },
      'ssh -p 22 -o UserKnownHostsFile=/k me@127.0.0.1',
      'every address',
    ],
    [{ ...base, address: { host: '::', port: 22 } }, 'ssh -p 22 -o UserKnownHostsFile=/k me@::1', 'every address'],
    [
      { ...base, identity: { file: '/a', only: false } },
      'ssh -p 2222 -i /a -o UserKnownHostsFile=/k me@127.0.0.1',
      'own key',
    ],
    [
      { ...base, identity: { file: '/50%/a', only: true } },
      'ssh -p 2222 -o IdentityFile=/50%%/a -o IdentitiesOnly=yes -o UserKnownHostsFile=/k me@127.0.0.1',
      'a percent sign begins a token, and -i looks before it expands',
    ],
    [
      { ...base, knownHostsFile: '/a b' },
      `ssh -p 2222 -o 'UserKnownHostsFile="/a b"' me@127.0.0.1`,
      'a blank begins another file',
    ],
  ];
  for (const [line, text, why] of facts) test(`${text} (${why})`, () => expect(sshLine(line)).toBe(text));
});

describe('known_hosts', () => {
  const blob = Buffer.from(generateEd25519('').publicLine.split(' ')[1]!, 'base64');
  const line = (host: string, port: number): string => knownHostsLine({ host, port }, parsePublicKey(blob));
  const rest = `ssh-ed25519 ${blob.toString('base64')}`;
  test('a port other than 22 is part of the name', () =>
    expect(line('127.0.0.1', 2222)).toBe(`[127.0.0.1]:2222 ${rest}`));
  test('port 22 is not', () => expect(line('::', 22)).toBe(`::1 ${rest}`));
  test('a new line replaces the one for the same address, and no other', () => {
    const before = '[127.0.0.1]:2222 old\n[127.0.0.1]:22 other\n';
    expect(withKnownHost(before, { host: '127.0.0.1', port: 2222 }, 'new')).toBe('[127.0.0.1]:22 other\nnew\n');
  });
});
