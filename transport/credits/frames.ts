/**
 * The frames that a connection with credits is made of, for media that carry messages and have no flow control.
 *
 * One byte of kind, then the rest: data are the bytes themselves, a grant is a uint32 (big-endian). Nothing here knows
 * what a legal order is (credit-medium.ts does).
 */
import { RemoteProtocolError } from '../errors.ts';

export type Frame =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  /** The receiver has room for this many bytes more. */
  | { readonly kind: 'grant'; readonly bytes: number }
  /** No more data from this side. */
  | { readonly kind: 'eof' }
  /** The connection is over, behind everything sent before. */
  | { readonly kind: 'close' };

const kinds = ['data', 'grant', 'eof', 'close'] as const;

/** The bytes are a buffer of their own, which may be handed over. */
export function encodeFrame(frame: Frame): Uint8Array {
  if (frame.kind === 'data') return encodeData([frame.data]);
  return frameOf(frame.kind, frame.kind === 'grant' ? [uint32(frame.bytes)] : []);
}

/** One frame of data, put together from pieces. */
export const encodeData = (pieces: readonly Uint8Array[]): Uint8Array => frameOf('data', pieces);

function frameOf(kind: Frame['kind'], pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow(pieces.reduce((sum, piece) => sum + piece.length, 1)); // all of it is written
  bytes[0] = kinds.indexOf(kind);
  let at = 1;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Throws RemoteProtocolError for what is no frame. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const kind = kinds[bytes[0] ?? kinds.length];
  const rest = bytes.subarray(1);
  if (kind === 'data') return { kind, data: rest };
  if (kind === 'grant' && rest.length === 4) return { kind, bytes: viewOf(rest).getUint32(0) };
  if ((kind === 'eof' || kind === 'close') && rest.length === 0) return { kind };
  throw new RemoteProtocolError('credit framing', `a frame of kind ${bytes[0] ?? 'none'} with ${rest.length} bytes`);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
