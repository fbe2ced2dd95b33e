/**
 * The face of the encrypted packet layer (RFC 4253) that login and channels are written against.
 *
 * A link carries whole messages, in order, and says when bulk data must wait. Who encrypts, and with which library,
 * is the business of ssh2/packet-link.ts alone; tests put a plain in-memory link here.
 */
import type { Address } from '../transport/address.ts';
import type { CloseReason } from '../transport/close-reason.ts';

export interface IPacketLink {
  /**
   * Queue one message: the payload of one packet, in one piece or in several that follow each other, its first byte the
   * message number. At most 32 768 + 1 024 bytes. Nothing is kept of the pieces.
   */
  send(...pieces: readonly Uint8Array[]): void;
  /**
   * Whether bulk data may be sent: false while the socket's queue is above its mark or keys are being exchanged.
   * Replies may be sent all the same; the link stops reading when too many of them wait.
   */
  readonly writable: boolean;
  /** Tell the peer why and close behind what was sent. `reason` from DisconnectReason. */
  disconnect(reason: number, text: string): void;
  /** Answer UNIMPLEMENTED for the message that is being received. RFC 4253 §11.4. */
  rejectMessage(): void;
  /** From now on messages go to `listener`. */
  listen(listener: IPacketListener): void;
  getPeer(): Address;
  getHost(): Address;
}

export interface IPacketListener {
  /**
   * One message of number 5–6 or 50 and up. A CHANNEL_DATA is the link's again when this returns; others may be kept.
   * To throw is to disconnect: RemoteProtocolError says what the peer did.
   */
  messageReceived(payload: Buffer): void;
  /** `writable` has become true. */
  linkWritable(): void;
  /** Last call. */
  linkLost(reason: CloseReason): void;
}

/** A host key as the handshake needs it. */
export interface HandshakeKey {
  /** Signature algorithms it serves, preferred first, e.g. `rsa-sha2-512`. */
  readonly algorithms: readonly string[];
  /** Public key, RFC 4253 §6.6 encoding. */
  readonly blob: Uint8Array;
  /** The inner string of a signature, RFC 4253 §6.6, without the algorithm's name. */
  sign(data: Uint8Array, algorithm: string): Uint8Array;
}
