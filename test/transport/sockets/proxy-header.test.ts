/** What the PROXY protocol's header says, and what is no header. HAProxy, "The PROXY protocol". */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { RemoteProtocolError } from '../../../transport/errors.ts';
import { crc32c } from '../../../transport/sockets/crc32c.ts';
import { readProxyHeader } from '../../../transport/sockets/proxy-header.ts';
import { addition, inet4, inet6, signature, unixPaths, v1, v2, withChecksum } from '../../support/proxy-header.ts';

const tcp = (host: string, port: number) => ({ kind: 'tcp', host, port });
const unix = (path: string) => ({ kind: 'unix', path });
const ends4 = { peer: tcp('192.0.2.1', 56324), host: tcp('198.51.100.7', 22) };
const ends6 = { peer: tcp('2001:db8::1', 56324), host: tcp('2001:db8::2', 22) };
const long6 = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';

// the header · who is at the ends · where that is written
const facts: Array<[name: string, header: Buffer, ends: object | undefined, source: string]> = [
  ['TCP4', v1('PROXY TCP4 192.0.2.1 198.51.100.7 56324 22'), ends4, '§2.1'],
  ['TCP6', v1('PROXY TCP6 2001:db8::1 2001:0DB8:0::2 56324 22'), ends6, '§2.1'],
  [
    'the longest TCP6',
    v1(`PROXY TCP6 ${long6} ${long6} 65535 65535`),
    { peer: tcp(long6, 65535), host: tcp(long6, 65535) },
    '§2.1',
  ],
  [
    'TCP6 with an IPv4 client',
    v1('PROXY TCP6 ::ffff:192.0.2.1 ::ffff:198.51.100.7 56324 22'),
    ends4,
    'RFC 4291 §2.5.5.2',
  ],
  ['UNKNOWN', v1('PROXY UNKNOWN'), undefined, '§2.1'],
  [
    'UNKNOWN with more, which is skipped',
    v1(`PROXY UNKNOWN ${long6} ${long6} 65535 65535`),
    undefined,
    '§2.1: 107 bytes',
  ],
  ['version 2 over IPv4', v2(), ends4, '§2.2'],
  ['version 2 over IPv6', v2({ family: 0x21, addresses: inet6 }), ends6, '§2.2'],
  [
    'version 2 over a Unix socket',
    v2({ family: 0x31, addresses: unixPaths('/run/a', '/run/b') }),
    { peer: unix('/run/a'), host: unix('/run/b') },
    '§2.2',
  ],
  [
    'abstract and unnamed sockets',
    v2({ family: 0x31, addresses: unixPaths('\0a', '') }),
    { peer: unix('\0a'), host: unix('') },
    'unix(7)',
  ],
  ['LOCAL', v2({ command: 0x20, family: 0, addresses: Buffer.alloc(0) }), undefined, '§2.2'],
  [
    'LOCAL with anything behind it, which is skipped',
    v2({ command: 0x20, family: 0x77, addresses: Buffer.from('any') }),
    undefined,
    '§2.2',
  ],
  ['UNSPEC', v2({ family: 0, addresses: Buffer.from('any') }), undefined, '§2.2'],
  [
    'additions, which are skipped',
    v2({ additions: [addition(0x04, Buffer.alloc(300)), addition(0xee, Buffer.alloc(0))] }),
    ends4,
    '§2.2.1',
  ],
  ['a checksum that is right', withChecksum({ additions: [addition(0x02, Buffer.from('host'))] }), ends4, '§2.2.3'],
  ['the longest that we take', v2({ additions: [addition(0x04, Buffer.alloc(4096 - 12 - 3))] }), ends4, 'ours'],
];

const breaches: Array<[name: string, header: Buffer, says: RegExp]> = [
  ['a line without an end', Buffer.from(`PROXY TCP4 ${'1'.repeat(200)}`), /§2.1: no end of line within 107/],
  ['an end of line behind 107 bytes', v1(`PROXY UNKNOWN ${'x'.repeat(92)}`), /no end of line/],
  ['an unknown family', v1('PROXY UDP4 192.0.2.1 198.51.100.7 1 2'), /UDP4/],
  ['a name of every object', v1('PROXY constructor 192.0.2.1 198.51.100.7 1 2'), /constructor/],
  ['no family', v1('PROXY '), /§2.1/],
  ['an IPv6 address as TCP4', v1('PROXY TCP4 2001:db8::1 198.51.100.7 1 2'), /2001/],
  ['an IPv4 address as TCP6', v1('PROXY TCP6 192.0.2.1 2001:db8::1 1 2'), /192/],
  ['an address with a zone', v1('PROXY TCP6 fe80::1%eth0 2001:db8::1 1 2'), /eth0/],
  ['an address with leading zeros', v1('PROXY TCP4 192.0.02.1 198.51.100.7 1 2'), /192/],
  ['a port above 65535', v1('PROXY TCP4 192.0.2.1 198.51.100.7 1 65536'), /65536/],
  ['a port with a leading zero', v1('PROXY TCP4 192.0.2.1 198.51.100.7 01 2'), / 01 /],
  ['two spaces', v1('PROXY TCP4  192.0.2.1 198.51.100.7 1 2'), /§2.1/],
  ['too few words', v1('PROXY TCP4 192.0.2.1 198.51.100.7 1'), /§2.1/],
  ['too many words', v1('PROXY TCP4 192.0.2.1 198.51.100.7 1 2 3'), /§2.1/],
  ['another version', v2({ command: 0x11 }), /§2.2: version and command 0x11/],
  ['another command', v2({ command: 0x22 }), /0x22/],
  ['datagrams', v2({ family: 0x12 }), /0x12/],
  ['an unknown family, version 2', v2({ family: 0x41 }), /0x41/],
  ['addresses that do not fit', v2({ addresses: inet4.subarray(1) }), /11 bytes cannot hold/],
  ['more than we take', v2({ says: 4097 }), /a header of 4097 bytes/],
  [
    'the longest there could be, before it has come',
    Buffer.concat([signature, Buffer.from('2111ffff', 'hex')]),
    /65535/,
  ],
  ['an addition that is cut short', v2({ additions: [Buffer.from([4, 0])] }), /§2.2.1: .* cut short/],
  [
    'an addition that is longer than its header',
    v2({ additions: [addition(4, Buffer.alloc(2), 3)] }),
    /longer than its header/,
  ],
  ['a wrong checksum', v2({ additions: [addition(3, Buffer.alloc(4))] }), /§2.2.3: the checksum is wrong/],
  ['a checksum of another size', v2({ additions: [addition(3, Buffer.alloc(3))] }), /checksum of 3 bytes/],
];

describe('a header', () => {
  for (const [name, header, ends, source] of facts) {
    test(`${name} (${source})`, () => {
      const behind = Buffer.from('SSH-2.0-x\r\n');
      expect(readProxyHeader(Buffer.concat([header, behind]))).toMatchObject({ ends, length: header.length });
      for (let length = 0; length < header.length; length++) {
        expect(readProxyHeader(header.subarray(0, length))).toBe('more');
      }
      expect(readProxyHeader(header)).toMatchObject({ length: header.length });
    });
  }

  test('names its version', () => {
    expect([readProxyHeader(v1('PROXY UNKNOWN')), readProxyHeader(v2())]).toMatchObject([
      { version: 1 },
      { version: 2 },
    ]);
  });
});

describe('a breach', () => {
  for (const [name, header, says] of breaches) {
    test(name, () => {
      const read = (): unknown => readProxyHeader(header);
      expect(read).toThrow(RemoteProtocolError);
      expect(read).toThrow(says);
    });
  }
});

describe('no header', () => {
  for (const text of ['SSH-2.0-OpenSSH_9.9\r\n', 'PROXYTCP4', 'PRoXY ', '\r\nGET', 'x', '\r\n\r\n\0\r\nQUIX']) {
    test(JSON.stringify(text), () => expect(readProxyHeader(Buffer.from(text, 'latin1'))).toBe('none'));
  }
});

describe('whatever comes', () => {
  const start = fc.constantFrom(
    '',
    'PROXY ',
    'PROXY TCP4 ',
    'PROXY TCP6 1::',
    signature.toString('latin1'),
    `${signature.toString('latin1')}!\x11`,
  );
  const noise = fc
    .tuple(start, fc.uint8Array({ maxLength: 300 }))
    .map(([text, bytes]) => Buffer.concat([Buffer.from(text, 'latin1'), bytes]));
  /** A breach is an answer too. */
  const read = (bytes: Buffer): unknown => {
    try {
      return readProxyHeader(bytes);
    } catch (error) {
      if (error instanceof RemoteProtocolError) return error.rule;
      throw error;
    }
  };

  test('the answer is a header, a breach, none or more; and a header is never longer than what came', () => {
    fc.assert(
      fc.property(noise, bytes => {
        const answer = read(bytes);
        if (typeof answer === 'object' && answer !== null && 'length' in answer) {
          expect(answer.length).toBeLessThanOrEqual(bytes.length);
        } else {
          expect(answer).toMatch(/^(none|more|PROXY protocol §2.*)$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('the first answer that is not `more`, byte by byte, is the answer to the whole', () => {
    fc.assert(
      fc.property(noise, bytes => {
        let length = 0;
        while (read(bytes.subarray(0, length)) === 'more' && length < bytes.length) length += 1;
        expect(read(bytes.subarray(0, length))).toEqual(read(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

// RFC 3720 appendix B.4: bytes · sum, there in the order of the wire
test.each([
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['counting up', Buffer.from(Array.from({ length: 32 }, (_, n) => n)), 0x46dd794e],
  ['counting down', Buffer.from(Array.from({ length: 32 }, (_, n) => 31 - n)), 0x113fdb5c],
])('CRC-32C of %s', (_name, bytes, sum) => expect(crc32c(bytes)).toBe(sum));
