/** What the library's compiled code would not survive never comes to it. */
import { describe, expect, jest, test } from '@jest/globals';
import { guarded } from '../../../ssh/ssh2/cipher-guard.ts';
import { sampleEngine, type Engine } from '../../../ssh/ssh2/library.ts';
import { PacketShapes } from '../../../ssh/ssh2/packet-shape.ts';
import { sshPair } from '../../../ssh/testing.ts';
import { cipherKinds, stockCipher, type CipherKind } from './stock-ciphers.ts';

/** A guarded cipher, and what came to the library's own. */
function guardedOf(kind: CipherKind): { cipher: Engine['_cipher']; sealed: number[] } {
  const sealed: number[] = [];
  const stock = stockCipher(kind);
  const cipher = guarded({
    allocPacket: bytes => stock.allocPacket(bytes),
    encrypt: packet => void sealed.push(packet.length),
  });
  return { cipher, sealed };
}

const lengths = [0, 1, 11, 12, 13, 300, 32_768];

for (const kind of cipherKinds) {
  describe(`under ${kind.name}`, () => {
    test('the cipher’s own packets are sealed, and ours of the same shape', () => {
      const { cipher, sealed } = guardedOf(kind);
      const shapes = new PacketShapes();
      const packets = lengths.flatMap(length => [
        cipher.allocPacket(length),
        shapes.alloc(cipher, length),
        shapes.alloc(cipher, length),
      ]);
      for (const packet of packets) cipher.encrypt(packet);
      expect(sealed).toEqual(packets.map(packet => packet.length));
    });

    test('a payload that nobody has put in a packet is not sealed, however long it is', () => {
      const { cipher, sealed } = guardedOf(kind);
      for (let length = 0; length <= 300; length += 1)
        expect(() => cipher.encrypt(Buffer.alloc(length, 94))).toThrow(/was not made for the cipher/);
      expect(sealed).toEqual([]);
    });

    test('a packet with less room for a tag, or more, is not sealed', () => {
      const { cipher, sealed } = guardedOf(kind);
      for (const by of [-16, -1, 1, 16]) {
        const packet = cipher.allocPacket(100);
        const other = Buffer.alloc(packet.length + by);
        packet.copy(other);
        expect(() => cipher.encrypt(other)).toThrow(/was not made for the cipher/);
      }
      expect(sealed).toEqual([]);
    });
  });
}

test('every cipher that the engine is given is guarded, not the first only', () => {
  const engine = sampleEngine({ cipherFor: guarded });
  for (const kind of cipherKinds) {
    engine._cipher = stockCipher(kind);
    expect(() => engine._cipher.encrypt(Buffer.alloc(400))).toThrow(/was not made for the cipher/);
  }
});

test('a link’s ciphers are guarded, those of a later key exchange as well', async () => {
  await using pair = await sshPair();
  for (let exchanges = 1; exchanges <= 2; exchanges += 1) {
    const alloc = jest.spyOn(PacketShapes.prototype, 'alloc').mockReturnValueOnce(Buffer.alloc(64));
    expect(() => pair.client.link.send(Buffer.of(2, 0, 0, 0, 0))).toThrow(/was not made for the cipher/);
    alloc.mockRestore();
    pair.client.link.rekey();
    await pair.client.connection.request('anything', Buffer.alloc(0), true);
    expect(pair.client.exchanges).toBe(exchanges + 1);
  }
});
