/**
 * Packets to be filled and sealed, as long and as padded as the engine makes them, with padding out of a pool.
 *
 * The engine asks the system for random bytes for every packet, which costs as much as encrypting a small one. How long
 * a packet is follows from the cipher and from the payload's length modulo its block, so one packet of the engine's own
 * says all about those of its kind, on every connection under the same algorithms. No byte of the pool is used twice.
 * RFC 4253 §6: padding should be random.
 */
import { randomFillSync } from 'node:crypto';
import { takeMemory } from '../../transport/piece-memory.ts';

/** What packets are got from: the engine's cipher in one direction, until keys are exchanged. */
export interface PacketSource {
  allocPacket(payloadBytes: number): Buffer;
}

interface Shape {
  /** Bytes of the packet that are not payload, room for the MAC included. */
  readonly overhead: number;
  readonly padding: number;
}

/** Length and padding length stand before the payload. RFC 4253 §6. */
export const PAYLOAD_START = 5;

/** No cipher of SSH has a longer block. */
const LONGEST_BLOCK = 16;
const POOL_BYTES = 64 * 1024;

const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let poolUsed = POOL_BYTES;

/** What seals in one direction, by the names of RFC 4253 §6.3 and §6.4. */
export interface SealedBy {
  readonly cipher: string;
  readonly mac: string;
}

export const beforeKeys: SealedBy = { cipher: 'none', mac: 'none' };

const known = new Map<string, PacketShapes>();

/** The one for these algorithms, which both ends offer: there are no more of them than we do. */
export function shapesFor({ cipher, mac }: SealedBy): PacketShapes {
  const name = `${cipher} ${mac}`;
  const shapes = known.get(name) ?? new PacketShapes();
  known.set(name, shapes);
  return shapes;
}

/** The shapes of what is sealed by the same algorithms. */
export class PacketShapes {
  /** Room for one by each remainder, and no more. */
  readonly #shapes = new Array<Shape | undefined>(LONGEST_BLOCK);

  /** A packet of `source` with room for the payload at PAYLOAD_START. */
  alloc(source: PacketSource, payloadBytes: number): Buffer {
    const kind = payloadBytes % LONGEST_BLOCK;
    const shape = this.#shapes[kind];
    if (shape) return packetOf(shape, payloadBytes);
    const packet = source.allocPacket(payloadBytes);
    this.#shapes[kind] = { overhead: packet.length - payloadBytes, padding: packet[4] ?? 0 };
    return packet;
  }
}

/** `packet`, with a payload in its place, in pieces that follow each other. */
export function fill(packet: Buffer, pieces: readonly Uint8Array[]): Buffer {
  let at = PAYLOAD_START;
  for (const piece of pieces) {
    packet.set(piece, at);
    at += piece.length;
  }
  return packet;
}

function packetOf({ overhead, padding }: Shape, payloadBytes: number): Buffer {
  const packet = takeMemory(payloadBytes + overhead);
  const paddingStart = PAYLOAD_START + payloadBytes;
  packet.writeUInt32BE(1 + payloadBytes + padding);
  packet[4] = padding;
  if (poolUsed + padding > POOL_BYTES) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  for (let at = 0; at < padding; at += 1) packet[paddingStart + at] = pool[poolUsed + at] ?? 0; // less than a call costs
  poolUsed += padding;
  return packet;
}
