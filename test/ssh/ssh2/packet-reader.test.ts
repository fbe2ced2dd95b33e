/** Packets that the library seals and our reader opens, however they arrive; with its compiled code and without. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { breachOf } from '../../../ssh/ssh2/damaged-packets.ts';
import { missingDecipherParts, sampleCiphers } from '../../../ssh/ssh2/deciphers.ts';
import { openerOf, type PacketOpener } from '../../../ssh/ssh2/packet-opener.ts';
import { PacketReader } from '../../../ssh/ssh2/packet-reader.ts';
import { asError } from '../../../transport/errors.ts';
import { cipherKinds, stockCipher, stockDecipher, type CipherKind } from './stock-ciphers.ts';

const LIMIT = 256 * 1024;
const known = { peerLoggedIn: true };

/** One packet under the first sequence number; `spoil` changes it before it is sealed. */
function sealed(kind: CipherKind, payload: Buffer, spoil: (packet: Buffer) => void = () => undefined): Buffer {
  const [bytes] = sealedEach(kind, [payload], spoil);
  return bytes!;
}

function sealedEach(
  kind: CipherKind,
  payloads: readonly Buffer[],
  spoil = (_packet: Buffer): void => undefined,
): Buffer[] {
  let written: Buffer[] = [];
  const cipher = stockCipher(kind, data => written.push(Buffer.from(data)));
  return payloads.map(payload => {
    written = [];
    const packet = cipher.allocPacket(payload.length);
    packet.set(payload, 5);
    spoil(packet);
    cipher.encrypt(packet);
    return Buffer.concat(written);
  });
}

/** What a reader got out of pieces, and how it ended. */
function readBy(kind: CipherKind, compiled: boolean, pieces: readonly Buffer[]): { payloads: Buffer[]; end: string } {
  const payloads: Buffer[] = [];
  const decipher = stockDecipher(kind, compiled);
  decipher._onPayload = payload => void payloads.push(Buffer.from(payload));
  const reader = new PacketReader(decipher, openerOf(decipher)!, known);
  try {
    // A piece is decrypted where it lies, so each is the reader's own.
    for (const piece of pieces) reader.decrypt(Buffer.from(piece), 0, piece.length);
    return { payloads, end: 'more may come' };
  } catch (error) {
    return { payloads, end: breachOf(asError(error)).message };
  }
}

/** A reader whose first packet has it freed, as when a key exchange fails, and what its decipher is then asked. */
function freedByFirst(
  kind: CipherKind,
  compiled: boolean,
): { reader: PacketReader; payloads: Buffer[]; calls: string[] } {
  const calls: string[] = [];
  const payloads: Buffer[] = [];
  const decipher = stockDecipher(kind, compiled);
  const opener = openerOf(decipher)!;
  const watched: PacketOpener = {
    ...opener,
    length: (...given) => (calls.push('length'), opener.length(...given)),
    open: (...given) => (calls.push('open'), opener.open(...given)),
    free: () => void calls.push('free'),
  };
  const reader = new PacketReader(decipher, watched, known);
  reader._onPayload = payload => {
    payloads.push(Buffer.from(payload));
    reader.free();
  };
  return { reader, payloads, calls };
}

/** What the handler gets, not copied, with all that it was read from spoiled behind it. */
function keptBy(kind: CipherKind, compiled: boolean, pieces: readonly Buffer[]): Buffer[] {
  const kept: Buffer[] = [];
  const decipher = stockDecipher(kind, compiled);
  decipher._onPayload = payload => void kept.push(payload);
  const reader = new PacketReader(decipher, openerOf(decipher)!, known);
  for (const piece of pieces.map(piece => Buffer.from(piece))) {
    reader.decrypt(piece, 0, piece.length);
    piece.fill('?');
  }
  return kept;
}

const byteByByte = (bytes: Buffer): Buffer[] => Array.from(bytes, byte => Buffer.of(byte));

/** Cuts `bytes` in pieces as long as `sizes` say, in turn. */
function cutBy(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const payloads = [1, 2, 15, 16, 17, 300].map(length => randomBytes(length));
const maker = { true: 'compiled', false: 'plain' } as const;

for (const compiled of [true, false]) {
  describe(`packets under the ${maker[`${compiled}`]} parts`, () => {
    for (const kind of cipherKinds) {
      test(`of ${kind.name} are read in one piece, byte by byte and in any pieces`, () => {
        const bytes = Buffer.concat(sealedEach(kind, payloads));
        const all = { payloads, end: 'more may come' };
        expect(readBy(kind, compiled, [bytes])).toEqual(all);
        expect(readBy(kind, compiled, byteByByte(bytes))).toEqual(all);
        fc.assert(
          fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), sizes =>
            expect(readBy(kind, compiled, cutBy(bytes, sizes))).toEqual(all),
          ),
          { numRuns: 20 },
        );
      });

      test(`of ${kind.name} may be kept, unless they are the data of a channel`, () => {
        const [request, data] = [98, 94].map(number => Buffer.alloc(20_000, number));
        const bytes = Buffer.concat(sealedEach(kind, [request!, data!, request!]));
        for (const pieces of [[bytes], cutBy(bytes, [7_000])]) {
          const [first, , last] = keptBy(kind, compiled, pieces);
          expect([first!.equals(request!), last!.equals(request!)]).toEqual([true, true]);
        }
      });

      test(`of ${kind.name} are read up to the limit, and no byte beyond`, () => {
        const largest = randomBytes(LIMIT - 30);
        const taken = readBy(kind, compiled, [sealed(kind, largest)]);
        expect([taken.payloads.length, taken.payloads[0]?.equals(largest)]).toEqual([1, true]);
        const { payloads, end } = readBy(kind, compiled, [sealed(kind, Buffer.alloc(LIMIT))]);
        expect(payloads.length).toBe(0);
        expect(end).toMatch(
          /^peer broke RFC 4253 §6.1: a packet says that it is of 2621\d\d bytes, and may be of 262144$/,
        );
      });

      // what is wrong with a packet, how it is made wrong, what the peer broke
      const spoils: Array<[what: string, spoil: (packet: Buffer) => void, said: RegExp]> = [
        ['no room for padding', packet => packet.writeUInt32BE(0), /§6: a packet has a length that no packet has/],
        ['a length between two blocks', packet => packet.writeUInt32BE(packet.readUInt32BE() + 1), /§6: .* length/],
        ['less padding than four bytes', packet => (packet[4] = 3), /§6: a packet has 3 bytes of padding/],
        ['more padding than it is long', packet => (packet[4] = 255), /§6: a packet has more padding than it is long/],
      ];
      for (const [what, spoil, said] of spoils) {
        test(`of ${kind.name} with ${what} are refused`, () => {
          const { payloads, end } = readBy(kind, compiled, [
            sealed(kind, Buffer.from('hello'), spoil),
            Buffer.alloc(99),
          ]);
          expect(payloads).toEqual([]);
          expect(end).toMatch(said);
        });
      }

      test(`of ${kind.name} that have changed on their way anywhere behind their length are refused`, () => {
        const bytes = sealed(kind, Buffer.from('hello'));
        for (let at = 4; at < bytes.length; at += 1) {
          const changed = Buffer.from(bytes);
          changed[at]! ^= 1;
          const { payloads, end } = readBy(kind, compiled, [changed]);
          expect(payloads).toEqual([]);
          expect(end).toMatch(/§6(\.4)?: a packet (was damaged|has)/);
        }
      });

      test(`of ${kind.name} behind one that had the keys freed are not looked at, nor later ones`, () => {
        const { reader, payloads, calls } = freedByFirst(kind, compiled);
        const bytes = Buffer.concat(sealedEach(kind, [Buffer.from('first'), Buffer.from('second')]));
        expect(reader.decrypt(bytes, 0, bytes.length)).toBeUndefined();
        expect(reader.decrypt(bytes, 0, bytes.length)).toBeUndefined();
        expect(payloads.map(String)).toEqual(['first']);
        expect(calls).toEqual(['length', 'open', 'free']);
      });

      test(`of ${kind.name} that come twice are refused the second time`, () => {
        const bytes = sealed(kind, Buffer.from('hello'));
        const { payloads, end } = readBy(kind, compiled, [bytes, bytes, bytes]);
        expect(payloads.length).toBe(1);
        expect(end).toMatch(/RFC 4253 §6/);
      });
    }
  });
}

describe('the deciphers of ssh2', () => {
  for (const cipher of sampleCiphers) {
    test(`as installed have all their parts: ${cipher}`, () => expect(missingDecipherParts(cipher)).toEqual([]));

    test(`without their parts are refused by name, not a crash: ${cipher}`, () => {
      const compiled = missingDecipherParts(cipher, { _instance: undefined });
      expect(compiled).toContain(`${cipher} _instance.decrypt`);
      expect(missingDecipherParts(cipher, {}).length).toBeGreaterThan(2);
    });
  }
});
