/**
 * What a packet engine tells whom it works for: the link whose packets it seals and opens.
 */
import type { Negotiated } from './library.ts';

/** Whom an engine works for. */
export interface EngineUser {
  /** Sealed bytes for the peer; with `returned`, they may be lent. */
  packetSealed(data: Buffer, returned?: () => void): void;
  /** The engine has failed, and has told the peer; or its key exchange may not go on, and nobody has been told. */
  engineFailed(error: Error): void;
  /** Keys have been exchanged, for the first time or again. */
  keysExchanged(negotiated: Negotiated): void;
  /** The peer has left in the middle of a key exchange. Outside of one, that is a message like any other. */
  peerLeft(reason: number, text: string): void;
  /** One message outside key exchange. Answer STOP to have no more parsed. */
  payloadReceived(payload: Buffer): unknown;
  /** The server's host key was accepted: what `parse` left can be parsed. */
  hostKeyAccepted(): void;
}
