/** Packets are as long and as padded as the engine's own, for every cipher, and their padding is not used again. RFC 4253 §6. */
import { describe, expect, test } from '@jest/globals';
import { beforeKeys, PacketShapes, PAYLOAD_START, shapesFor } from '../../../ssh/ssh2/packet-shape.ts';
import { cipherKinds, stockCipher } from './stock-ciphers.ts';

describe('a packet', () => {
  for (const kind of cipherKinds) {
    test(`under ${kind.name} is as the engine’s, whatever it carries`, () => {
      const source = stockCipher(kind);
      const shapes = new PacketShapes();
      for (const bytes of [...Array.from({ length: 64 }, (_, index) => index + 1), 32_768, 33_792]) {
        for (let again = 0; again < 2; again += 1) {
          const ours = shapes.alloc(source, bytes);
          const theirs = source.allocPacket(bytes);
          expect(ours.length).toBe(theirs.length);
          expect(ours.subarray(0, PAYLOAD_START)).toEqual(theirs.subarray(0, PAYLOAD_START));
        }
      }
    });
  }
});

test('padding is random, and no two packets share it, also where the pool is filled again', () => {
  const source = stockCipher(cipherKinds[0]!);
  const shapes = new PacketShapes();
  const seen = new Set<string>();
  const count = 12_000;
  for (let packet = 0; packet < count; packet += 1) {
    const bytes = shapes.alloc(source, 16);
    const padding = bytes[4]!;
    seen.add(bytes.toString('hex', PAYLOAD_START + 16, PAYLOAD_START + 16 + padding));
  }
  expect(seen.size).toBe(count);
});

test('other algorithms are other shapes, and the same ones the same', () => {
  const [gcm, ctr, etm] = [
    shapesFor({ cipher: 'aes128-gcm@openssh.com', mac: '' }),
    shapesFor({ cipher: 'aes128-ctr', mac: 'hmac-sha2-256' }),
    shapesFor({ cipher: 'aes128-ctr', mac: 'hmac-sha2-256-etm@openssh.com' }),
  ];
  expect(new Set([gcm, ctr, etm, shapesFor(beforeKeys)]).size).toBe(4);
  expect(shapesFor({ cipher: 'aes128-ctr', mac: 'hmac-sha2-256' })).toBe(ctr);
});
