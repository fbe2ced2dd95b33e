/**
 * Memory for large packets, which comes back when the system has sent what is in it, or its reader has seen it.
 *
 * A packet of bulk data is too large for Node's own pool: new memory for each makes so much garbage that collecting it
 * costs as much as encryption. Idle memory is shared by all connections; none belongs to one that sends nothing.
 */

/** The largest message of a channel carries so much. */
const MESSAGE_BYTES = 32 * 1024;
/** Room for it, with header, padding and MAC. */
const PIECE_BYTES = 33 * 1024;
/** Smaller packets have memory of their own: a piece each would double what a stalled reader takes up, and more. */
const LEAST_BYTES = PIECE_BYTES / 2;
const MOST_IDLE = 64;

const idle: Buffer[] = [];

/** Memory with anything in it. */
export function takeMemory(bytes: number): Buffer {
  if (bytes < LEAST_BYTES || bytes > PIECE_BYTES) return Buffer.allocUnsafe(bytes);
  const piece = idle.pop();
  if (piece?.length === bytes) return piece; // as bulk data has it
  return piece ? Buffer.from(piece.buffer, 0, bytes) : Buffer.allocUnsafeSlow(PIECE_BYTES).subarray(0, bytes);
}

/** The same bytes, until they are given back. */
export function copyInPiece(data: Uint8Array): Buffer {
  const copy = takeMemory(data.length);
  copy.set(data);
  return copy;
}

/** The same of any length: as many as it takes, each of what one message carries. */
export function copiesInPieces(data: Uint8Array): Buffer[] {
  const count = Math.ceil(data.length / MESSAGE_BYTES);
  return Array.from({ length: count }, (_, index) =>
    copyInPiece(data.subarray(index * MESSAGE_BYTES, (index + 1) * MESSAGE_BYTES)),
  );
}

/** Nobody holds `packet` any more. Once for each that was taken, or never. */
export function giveBackMemory(packet: Buffer): void {
  if (packet.buffer.byteLength === PIECE_BYTES && idle.length < MOST_IDLE) idle.push(packet);
}
