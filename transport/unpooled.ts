/**
 * What lives as long as its connection, in memory of its own: a few bytes in a piece of Node's pool keep 8 KiB of it.
 */
export function unpooled(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
