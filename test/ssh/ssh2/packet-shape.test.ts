/** Packets are as long and as padded as the engine's own, for every cipher, and their padding is not used again. RFC 4253 §6. */
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import { PacketShapes, PAYLOAD_START, type PacketSource } from '../../../ssh/ssh2/packet-shape.ts';

interface CipherInfo {
  readonly keyLen: number;
  readonly ivLen: number;
}
const { CIPHER_INFO, MAC_INFO, createCipher, init } = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js') as {
  CIPHER_INFO: Record<string, CipherInfo>;
  MAC_INFO: Record<string, { len: number }>;
  createCipher: (config: object) => PacketSource;
  init: Promise<void>;
};
await init;

function sourceOf(cipher: string, mac: string): PacketSource {
  const cipherInfo = CIPHER_INFO[cipher]!;
  const macInfo = MAC_INFO[mac]!;
  const keys = { cipherKey: Buffer.alloc(cipherInfo.keyLen), cipherIV: Buffer.alloc(cipherInfo.ivLen) };
  return createCipher({
    outbound: { seqno: 0, onWrite: () => undefined, cipherInfo, macInfo, macKey: Buffer.alloc(macInfo.len), ...keys },
  });
}

const { ciphers, macs } = algorithmProfiles.compatible;
const kinds = ciphers.flatMap(cipher => (cipher.includes('ctr') ? macs : macs.slice(0, 1)).map(mac => [cipher, mac]));

describe('a packet', () => {
  for (const [cipher = '', mac = ''] of kinds) {
    test(`under ${cipher}${cipher.includes('ctr') ? ` with ${mac}` : ''} is as the engine’s, whatever it carries`, () => {
      const source = sourceOf(cipher, mac);
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
  const source = sourceOf('aes128-gcm@openssh.com', 'hmac-sha2-256');
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

test('new keys are new shapes: what was learnt of another cipher is forgotten', () => {
  const shapes = new PacketShapes();
  for (const cipher of ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-ctr']) {
    const source = sourceOf(cipher, 'hmac-sha2-512-etm@openssh.com');
    shapes.alloc(source, 1);
    expect(shapes.alloc(source, 1).length).toBe(source.allocPacket(1).length);
  }
});
