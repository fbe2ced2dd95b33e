/** Memory of large packets is used again once it has come back, and not before. */
import { describe, expect, test } from '@jest/globals';
import { giveBackMemory, takeMemory } from '../../transport/piece-memory.ts';

const KIB = 1024;

describe('memory for a packet', () => {
  test('of bulk data is that of one which came back', () => {
    const first = takeMemory(32 * KIB + 60);
    giveBackMemory(first);
    const again = takeMemory(32 * KIB);
    expect(again.buffer).toBe(first.buffer);
    expect(again.length).toBe(32 * KIB);
    expect(takeMemory(32 * KIB).buffer).not.toBe(first.buffer);
  });

  test('of a keystroke, or larger than any channel sends, is its own', () => {
    for (const bytes of [50, 8 * KIB, 100 * KIB]) {
      const packet = takeMemory(bytes);
      expect(packet.length).toBe(bytes);
      giveBackMemory(packet);
      expect(takeMemory(bytes).buffer).not.toBe(takeMemory(32 * KIB).buffer);
    }
  });

  test('is kept for two megabytes of packets, and no more', () => {
    const packets = Array.from({ length: 200 }, () => takeMemory(32 * KIB));
    const given = new Set(packets.map(({ buffer }) => buffer));
    packets.forEach(giveBackMemory);
    const taken = Array.from({ length: 200 }, () => takeMemory(32 * KIB).buffer);
    expect(taken.filter(buffer => given.has(buffer)).length).toBe(64);
  });
});
