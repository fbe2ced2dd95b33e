/**
 * CRC-32C (Castagnoli), the checksum of the PROXY protocol; Node has only the other CRC-32.
 *
 * Source: RFC 3720 §12.1 and appendix B.4 (polynomial 0x1EDC6F41, here reflected; test values).
 */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f6_3b78 : sum >>> 1;
  return sum >>> 0;
});

/** As an unsigned number of 32 bits. */
export function crc32c(bytes: Uint8Array): number {
  let sum = 0xffff_ffff;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}
