/** The terminal modes of a pty request, RFC 4254 §8. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import { decodeTtyModes } from '../../ssh/tty-modes.ts';
import { WireReader } from '../../ssh/wire.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

// what arrives, what it means, where that is written
const facts: Array<[hex: string, modes: Array<[opcode: number, value: number]>, source: string]> = [
  ['', [], 'nothing at all: a client that has no modes'],
  ['00', [], 'TTY_OP_END alone'],
  ['35 00000001 00', [[53, 1]], 'ECHO on'],
  ['35 00000000 00', [[53, 0]], 'ECHO off'],
  [
    '01 00000003 03 0000007f 00',
    [
      [1, 3],
      [3, 127],
    ],
    'VINTR is ^C, VERASE is DEL',
  ],
  [
    '80 00009600 81 00009600 00',
    [
      [128, 38_400],
      [129, 38_400],
    ],
    'the speeds of RFC 4254 §8',
  ],
  ['01 ffffffff 00', [[1, 0xffff_ffff]], 'a first value whose top byte is 255: stock ssh2 dies of it'],
  ['01 80000000 00', [[1, 0x8000_0000]], 'a value that is negative where numbers are signed'],
  ['9f 00000001 00', [[159, 1]], 'the last opcode that carries a uint32'],
  ['35 00000001 a0 00000001 01 00000003', [[53, 1]], 'opcode 160 ends the list (OpenSSH ttymodes.c)'],
  ['ff', [], 'opcode 255 ends it too, without a value'],
  ['35 00000001', [[53, 1]], 'no TTY_OP_END: the string has ended'],
  ['35 00000001 00 01 00000003', [[53, 1]], 'what stands behind TTY_OP_END is not read'],
  ['35 00000001 35 00000000 00', [[53, 0]], 'the last value counts'],
  ['72 00000001 00', [[114, 1]], 'an opcode that no RFC names is kept'],
];

describe('decoding', () => {
  for (const [hex, modes, source] of facts) {
    test(`${hex || 'nothing'} (${source})`, () => expect([...decodeTtyModes(bytes(hex))]).toEqual(modes));
  }

  for (const hex of ['35', '35 00', '35 000000', '35 00000001 01 000000']) {
    test(`${hex} has no whole value, and that is the peer's fault`, () => {
      expect(() => decodeTtyModes(bytes(hex))).toThrow(RemoteProtocolError);
    });
  }

  test('any bytes at all are modes or a breach, nothing else', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 400 }), encoded => {
      try {
        for (const [opcode, value] of decodeTtyModes(encoded)) {
          expect(opcode > 0 && opcode < 160 && value >= 0 && value <= 0xffff_ffff).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(RemoteProtocolError);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('the same meaning as Twisted', () => {
  const { cases } = JSON.parse(readFileSync(new URL('../vectors/wire.json', import.meta.url), 'utf8')) as {
    cases: Array<{
      name: string;
      args: [{ b: string }];
      result: [term: { b: string }, size: number[], modes: number[][]];
    }>;
  };
  const requests = cases.filter(({ name }) => name.startsWith('parseRequest_pty_req'));

  test.each(requests.map(one => [one.name, one] as const))('%s', (_name, { args, result }) => {
    const reader = new WireReader(bytes(args[0].b), 'pty-req');
    const term = reader.string().toString('hex');
    const [columns, rows, widthPixels, heightPixels] = Array.from({ length: 4 }, () => reader.uint32());
    const modes = [...decodeTtyModes(reader.string())];
    expect([{ b: term }, [rows, columns, widthPixels, heightPixels], modes]).toEqual(result);
  });
});
