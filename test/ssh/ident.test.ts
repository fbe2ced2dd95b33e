/** The identification line, RFC 4253 §4.2, from any split of the stream. */
import { describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import { IdentReader, identRules, peerSoftware } from '../../ssh/ident.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';

/** Each way the bytes may arrive. */
const arrivals: Array<[name: string, split: (data: Buffer) => Uint8Array[]]> = [
  ['in one piece', data => [data]],
  ['in two pieces', data => [data.subarray(0, 5), data.subarray(5)]],
  ['byte by byte', data => Array.from(data, byte => Uint8Array.of(byte))],
  ['in the middle of a larger buffer', data => [Buffer.concat([Buffer.from('XX'), data]).subarray(2)]],
];

const ofLength = (length: number): string => `SSH-2.0-${'x'.repeat(length - 'SSH-2.0-\r\n'.length)}\r\n`;

// the line, what it says of the peer, where that is written
const accepted: Array<[line: string, software: string, source: string]> = [
  ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 'OpenSSH_9.2p1 Debian-2', 'software and comments'],
  ['SSH-2.0-x\r\n', 'x', 'one character is a version'],
  ['SSH-2.0-x\n', 'x', 'without CR: RFC 4253 §4.2 says MUST, yet old clients send it so'],
  ['SSH-2.0-x \r\n', 'x', 'comments may be empty'],
  ['SSH-2.0-a-b-c\r\n', 'a-b-c', 'dashes, which RFC 4253 forbids and many send'],
  [ofLength(255), 'x'.repeat(245), 'the longest line: 255 bytes with CR LF'],
];

// what arrives instead, why it is refused
const refused: Array<[stream: string, reason: string]> = [
  [ofLength(256), 'one byte too long'],
  ['A'.repeat(255), '255 bytes without a newline'],
  ['A'.repeat(50_000), '50 KB of garbage'],
  ['SSH-1.99-x\r\n', 'a server that also speaks SSH 1, not a client'],
  ['SSH-1.5-x\r\n', 'SSH 1'],
  ['SSH-2.0-\r\n', 'no software version'],
  ['SSH-2.0\r\n', 'no dash'],
  ['ssh-2.0-x\r\n', 'lower case'],
  ['\r\n', 'an empty line'],
  ['welcome\r\nSSH-2.0-x\r\n', 'lines before it are a server’s privilege'],
  ['GET / HTTP/1.1\r\n', 'another protocol'],
  ['SSH-2.0-\x1b]0;owned\x07\r\n', 'control characters would reach the log'],
  ['SSH-2.0-x\0\r\n', 'NUL'],
  ['SSH-2.0-x \x7f\r\n', 'DEL in comments'],
  ['SSH-2.0-\xe9\r\n', 'not ASCII'],
  ['SSH-2.0-x\r\r\n', 'a second CR'],
];

const tail = Buffer.from([0, 0, 1, 0x0a, 0xff]);

for (const [arrival, split] of arrivals) {
  describe(`arriving ${arrival}`, () => {
    for (const [line, software, source] of accepted) {
      test(`${JSON.stringify(line).slice(0, 50)} is accepted (${source}), and what is behind it is handed on`, () => {
        const reader = new IdentReader(identRules.client);
        const pieces = split(Buffer.concat([Buffer.from(line, 'latin1'), tail]));
        let ident: ReturnType<IdentReader['feed']>;
        while (!ident) ident = reader.feed(pieces.shift()!);
        expect(ident.line.toString('latin1')).toBe(line);
        expect(peerSoftware(ident.line)).toBe(software);
        expect(Buffer.concat([ident.rest, ...pieces])).toEqual(tail);
      });
    }

    for (const [stream, reason] of refused) {
      test(`${JSON.stringify(stream).slice(0, 40)} is refused: ${reason}`, () => {
        const reader = new IdentReader(identRules.client);
        const feedAll = (): unknown => split(Buffer.from(stream, 'latin1')).find(piece => reader.feed(piece));
        expect(feedAll).toThrow(RemoteProtocolError);
      });
    }
  });
}

test('garbage is refused at its 255th byte, not later', () => {
  const reader = new IdentReader(identRules.client);
  for (let count = 0; count < 254; count += 1) expect(reader.feed(Buffer.from('A'))).toBeUndefined();
  expect(() => reader.feed(Buffer.from('A'))).toThrow('no identification line within 255 bytes');
});

describe('a server may say more before it', () => {
  const SERVER = 'SSH-2.0-OpenSSH_9.2p1\r\n';
  const line = (length: number): string => `${'x'.repeat(length - 1)}\n`;

  // what a server says, what a client makes of it
  const heard: Array<[says: string, software: string, source: string]> = [
    [SERVER, 'OpenSSH_9.2p1', 'nothing'],
    [`welcome\r\n\r\nto us\n${SERVER}`, 'OpenSSH_9.2p1', 'lines, RFC 4253 §4.2'],
    [`\x1b]0;owned\x07\xff\n${SERVER}`, 'OpenSSH_9.2p1', 'bytes of any kind, which nobody sees'],
    [`${line(8_191)}${SERVER}`, 'OpenSSH_9.2p1', 'a long line'],
    [`${line(2).repeat(1_024)}${SERVER}`, 'OpenSSH_9.2p1', 'as many lines as ssh(1) takes'],
    ['SSH-1.99-Cisco-1.25\n', 'Cisco-1.25', '1.99, which means 1 and 2: RFC 4253 §5.1'],
  ];
  for (const [arrival, split] of arrivals) {
    for (const [says, software, source] of heard) {
      test(`${source}, arriving ${arrival}`, () => {
        const reader = new IdentReader(identRules.server);
        const pieces = split(Buffer.concat([Buffer.from(says, 'latin1'), tail]));
        let ident: ReturnType<IdentReader['feed']>;
        while (!ident) ident = reader.feed(pieces.shift()!);
        expect(peerSoftware(ident.line)).toBe(software);
        expect(Buffer.concat([ident.rest, ...pieces])).toEqual(tail);
      });
    }
  }

  const broken: Array<[says: string, why: string, complaint: string]> = [
    [line(2).repeat(1_025) + SERVER, 'a line too many', 'not an SSH 2.0 identification'],
    [line(8_193), 'a line too long', 'no identification line within 8192 bytes'],
    ['x'.repeat(8_192), 'a line without an end', 'no identification line within 8192 bytes'],
    [`SSH-2.0-${'x'.repeat(250)}\r\n`, 'an identification too long', 'no identification line within 255 bytes'],
    [`hello\nSSH-1.5-x\n`, 'SSH 1', 'not an SSH 2.0 identification'],
  ];
  for (const [says, why, complaint] of broken) {
    test(`but not ${why}`, () => {
      const reader = new IdentReader(identRules.server);
      const feedAll = (): unknown => Array.from(says, each => reader.feed(Buffer.from(each))).find(Boolean);
      expect(feedAll).toThrow(complaint);
    });
  }
});

describe('whatever arrives', () => {
  // Mostly what is nearly right: noise alone is refused by its first byte.
  const piece = fc.oneof(
    fc.constantFrom('SSH-2.0-', 'SSH-1.99-', 'SSH-', 'x', ' comment', '\r\n', '\n', '\r', '\0', 'welcome\r\n'),
    fc.nat(300).map(length => 'y'.repeat(length)),
    fc.nat(9_000).map(length => `${'z'.repeat(length)}\r\n`),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const stream = fc.array(piece, { maxLength: 12 }).map(pieces => Buffer.from(pieces.join(''), 'latin1'));
  const sizes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 8 });

  /** What comes of `bytes` in pieces as long as `sizes` say, in turn. Anything but a breach is thrown on. */
  function outcome(role: keyof typeof identRules, bytes: Buffer, sizes: readonly number[]): object | string {
    const reader = new IdentReader(identRules[role]);
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const end = at + sizes[turn % sizes.length]!;
      try {
        const ident = reader.feed(bytes.subarray(at, end));
        if (ident) return { line: ident.line, rest: Buffer.concat([ident.rest, bytes.subarray(end)]) };
      } catch (error) {
        if (!(error instanceof RemoteProtocolError)) throw error;
        return 'refused';
      }
      at = end;
    }
    return 'more is wanted';
  }

  for (const role of ['client', 'server'] as const) {
    test(`from a ${role}, in whatever pieces, is taken alike, and never worse than a breach`, () => {
      fc.assert(
        fc.property(stream, sizes, (bytes, sizes) => {
          const whole = outcome(role, bytes, [Math.max(1, bytes.length)]);
          expect(outcome(role, bytes, sizes)).toEqual(whole);
          if (bytes.length < 1_000) expect(outcome(role, bytes, [1])).toEqual(whole);
        }),
        { numRuns: 100 },
      );
    });

    test(`from a ${role} without end is given up within the bounds`, () => {
      const { linesBefore, lineBytes } = identRules[role];
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), text => {
          const reader = new IdentReader(identRules[role]);
          const noise = Buffer.from(text.replaceAll('SSH-', ''), 'latin1');
          fc.pre(noise.length > 0);
          const most = (linesBefore + 1) * lineBytes;
          const feed = (): void => {
            for (let fed = 0; fed <= most; fed += noise.length) reader.feed(noise);
          };
          expect(feed).toThrow(RemoteProtocolError);
        }),
        { numRuns: role === 'client' ? 100 : 3 },
      );
    });
  }
});
