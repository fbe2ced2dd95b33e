/** Packets by hand, without a MAC, as they go over the wire before there are keys. RFC 4253 §6. */
import { byte, message, uint32 } from '../../ssh/wire.ts';

const BLOCK = 8;

/** A packet around a payload, padded as it should be; padding is zeros, so that a case comes again. */
export function plainPacket(payload: Uint8Array): Buffer {
  const unpadded = 5 + payload.length;
  const padding = BLOCK - (unpadded % BLOCK) + (BLOCK - (unpadded % BLOCK) < 4 ? BLOCK : 0);
  return message(uint32(1 + payload.length + padding), byte(padding), payload, Buffer.alloc(padding));
}

/** The payload of a packet that the packet layer wrote. */
export const payloadOf = (packet: Buffer): Buffer => packet.subarray(5, packet.length - packet[4]!);
