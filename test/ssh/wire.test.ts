/** The data types of RFC 4251 §5: what is written is read again, and no peer can make us read past the end. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import { Message, OpenFailure, STDERR } from '../../ssh/codes.ts';
import { boolean, byte, message, mpintBytes, nameList, string, uint32, WireReader } from '../../ssh/wire.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const reader = (bytes: Uint8Array): WireReader => new WireReader(bytes, 'TEST');

// what is written, the bytes, where that is written
const written: Array<[what: string, field: Uint8Array, bytes: string, source: string]> = [
  ['byte 255', byte(255), 'ff', 'RFC 4251 §5'],
  ['true', boolean(true), '01', 'RFC 4251 §5: applications write 1'],
  ['false', boolean(false), '00', 'RFC 4251 §5'],
  ['699921578', uint32(699_921_578), '29b7f4aa', 'the example of RFC 4251 §5'],
  ['2^32 - 1', uint32(0xffff_ffff), 'ffffffff', 'unsigned'],
  ['"testing"', string('testing'), '00000007 74657374696e67', 'the example of RFC 4251 §5'],
  ['"é日"', string('é日'), '00000005 c3a9 e697a5', 'UTF-8, its length in bytes'],
  ['bytes that are no text', string(hex('ff00fe')), '00000003 ff00fe', 'strings are bytes'],
  ['the mpint 0', string(mpintBytes(hex('00'))), '00000000', 'the example of RFC 4251 §5'],
  ['the mpint 80', string(mpintBytes(hex('80'))), '00000002 0080', 'the example of RFC 4251 §5'],
  ['the mpint 7f in more bytes', string(mpintBytes(hex('00007f'))), '00000001 7f', 'RFC 4251 §5: no zeros in front'],
  [
    'the mpint 9a378f9b2e332a7',
    string(mpintBytes(hex('09a378f9b2e332a7'))),
    '00000008 09a378f9b2e332a7',
    'the example of RFC 4251 §5',
  ],
  ['no names', nameList([]), '00000000', 'the example of RFC 4251 §5'],
  ['"zlib"', nameList(['zlib']), '00000004 7a6c6962', 'the example of RFC 4251 §5'],
  ['"zlib,none"', nameList(['zlib', 'none']), '00000009 7a6c69622c6e6f6e65', 'the example of RFC 4251 §5'],
];

describe('writing', () => {
  for (const [what, field, bytes, source] of written) {
    test(`${what} is ${bytes || 'nothing'} (${source})`, () => expect(Buffer.from(field)).toEqual(hex(bytes)));
  }

  test('a number that is not a uint32 is our own mistake and is not sent as another one', () => {
    for (const wrong of [-1, 2 ** 32, 1.5e10]) expect(() => uint32(wrong)).toThrow(/out of range/);
  });
});

// what is in the message, how it is read
const truncated: Array<[what: string, bytes: string, read: (from: WireReader) => unknown]> = [
  ['a byte that is not there', '', r => r.byte()],
  ['a boolean that is not there', '', r => r.boolean()],
  ['three bytes of a uint32', '000000', r => r.uint32()],
  ['a string without its length', '0000', r => r.string()],
  ['a string that ends one byte early', '00000003 6162', r => r.string()],
  ['a string of 4 GiB - 1', 'ffffffff 61', r => r.string()],
  ['a string of 2 GiB, negative where lengths are signed', '80000000', r => r.string()],
  ['a text that ends early', '00000002 61', r => r.text()],
  ['a name-list that ends early', '00000005 612c62', r => r.nameList()],
];

describe('reading what a peer sent', () => {
  for (const [what, bytes, read] of truncated) {
    test(`${what} is the peer's fault`, () => {
      expect(() => read(reader(hex(bytes)))).toThrow(RemoteProtocolError);
      expect(() => read(reader(hex(bytes)))).toThrow(/RFC 4251 §5: TEST ends \d+ bytes too early/);
    });
  }

  test('every boolean but 0 is true (RFC 4251 §5)', () => {
    expect([0, 1, 2, 255].map(value => reader(byte(value)).boolean())).toEqual([false, true, true, true]);
  });

  test('bytes behind the end of a message are a breach where the message must end', () => {
    const one = reader(hex('00 01 02'));
    one.byte();
    expect(() => one.end()).toThrow('2 bytes too many in TEST');
    one.rest();
    expect(() => one.end()).not.toThrow();
  });

  test('text that is not UTF-8 becomes U+FFFD, and a byte-order mark stays: two names are never one', () => {
    expect(reader(string(hex('61ff62'))).text()).toBe('a\ufffdb');
    expect(reader(string('\ufeffroot')).text()).toBe('\ufeffroot');
  });

  test('a string is a view: 32 KiB of data are not copied to be looked at', () => {
    const payload = message(byte(1), string('abc'));
    const one = reader(payload);
    one.byte();
    const view = one.string();
    payload[5] = 'A'.charCodeAt(0);
    expect(view.toString()).toBe('Abc');
  });

  test('a message in the middle of a larger buffer is read from its own start', () => {
    const buffer = Buffer.concat([hex('eeee'), string('abc'), hex('eeee')]);
    const one = reader(new Uint8Array(buffer.buffer, buffer.byteOffset + 2, 7));
    expect([one.text(), one.remaining]).toEqual(['abc', 0]);
  });
});

/** Each type with a way to make values, write them and read them. */
const roundTrips: Array<[type: string, property: fc.IRawProperty<unknown, false>]> = [
  ['byte', trip(fc.integer({ min: 0, max: 255 }), byte, r => r.byte())],
  ['boolean', trip(fc.boolean(), boolean, r => r.boolean())],
  ['uint32', trip(fc.integer({ min: 0, max: 0xffff_ffff }), uint32, r => r.uint32())],
  [
    'string',
    trip(
      fc.uint8Array().map(array => Buffer.from(array)),
      string,
      r => r.string(),
    ),
  ],
  ['text', trip(fc.string({ unit: 'grapheme' }), string, r => r.text())],
  ['name-list', trip(fc.array(fc.stringMatching(/^[a-z0-9@.-]{1,20}$/)), nameList, r => r.nameList())],
];

function trip<T>(values: fc.Arbitrary<T>, write: (value: T) => Uint8Array, read: (from: WireReader) => T) {
  return fc.property(values, fc.uint8Array(), (value, behind) => {
    const one = reader(message(write(value), behind));
    expect(read(one)).toEqual(value);
    expect(one.rest()).toEqual(Buffer.from(behind));
  });
}

describe('what is written is read again, whatever stands behind it', () => {
  for (const [type, property] of roundTrips) test(type, () => fc.assert(property));

  test('and no bytes at all make a reader do anything but answer or blame the peer', () => {
    const reads = fc.constantFrom<(r: WireReader) => unknown>(
      r => r.string(),
      r => r.nameList(),
      r => r.uint32(),
    );
    const property = fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(reads), (bytes, steps) => {
      const one = reader(bytes);
      try {
        for (const step of steps) step(one);
      } catch (error) {
        expect(error).toBeInstanceOf(RemoteProtocolError);
      }
      expect(one.remaining).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

// — as Twisted has it —

interface GoldenCase {
  readonly name: string;
  readonly args: readonly never[];
  readonly result?: never;
}

const { cases } = JSON.parse(readFileSync(new URL('../vectors/wire.json', import.meta.url), 'utf8')) as {
  cases: readonly GoldenCase[];
};
const golden = (prefix: string): Array<[name: string, GoldenCase]> =>
  cases.filter(({ name }) => name.startsWith(prefix)).map(one => [one.name, one]);
const toBytes = (value: { b: string } | string): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : hex(value.b);

describe('the same bytes as Twisted', () => {
  test.each(golden('NS('))('%s', (_name, { args, result }) =>
    expect(string(toBytes(args[0]!))).toEqual(toBytes(result!)),
  );

  test.each(golden('getNS('))('%s, except that what ends early is a breach', (name, { args, result }) => {
    const one = reader(toBytes(args[0]!));
    const read = (): Buffer[] => [...Array.from({ length: args[1]! }, () => one.string()), one.rest()];
    // Twisted returns what there is of a cut string; RFC 4251 §5 knows no such thing.
    if (!result || name.includes('00000005616263')) expect(read).toThrow(RemoteProtocolError);
    else expect(read()).toEqual((result as Array<{ b: string }>).map(toBytes));
  });

  test.each(golden('packRequest_window_change'))('%s', (_name, { args, result }) => {
    const [rows, columns, widthPixels, heightPixels] = args[0] as unknown as [number, number, number, number];
    expect(message(...[columns, rows, widthPixels, heightPixels].map(uint32))).toEqual(toBytes(result!));
  });

  test('message numbers, open-failure reasons and the kind of extended data', () => {
    const constants = (prefix: string, what: string): Record<string, number> =>
      Object.fromEntries(
        Object.entries(golden(`constants connection ${what}`)[0]![1].result!).map(([name, value]) => [
          name.replace(prefix, ''),
          value as number,
        ]),
      );
    expect(Message).toMatchObject(constants('MSG_', 'MSG_*'));
    expect(OpenFailure).toEqual(constants('OPEN_', 'OPEN_*'));
    expect(constants('EXTENDED_DATA_', 'EXTENDED_*')).toEqual({ STDERR });
  });
});
