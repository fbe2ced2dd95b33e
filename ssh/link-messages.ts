/**
 * The messages that a link answers or drops by itself, whoever listens: what they say, and what goes back.
 *
 * RFC 4253 §11; EXT_INFO is RFC 8308; PING and PONG are `ping@openssh.com`, OpenSSH's PROTOCOL §1.9.
 */
import { done, type CloseReason } from '../transport/close-reason.ts';
import { HostKeyRefusedError, RemoteProtocolError } from '../transport/errors.ts';
import { DisconnectReason, Message } from './codes.ts';
import { byte, message, string, uint32, WireReader } from './wire.ts';

/** They need no answer and carry nothing we use. RFC 4253 §11.2–11.4. */
export const silentMessages: ReadonlySet<number> = new Set([
  Message.IGNORE,
  Message.UNIMPLEMENTED,
  Message.DEBUG,
  Message.EXT_INFO,
  Message.PONG,
]);

/** The answer to a PING. Throws RemoteProtocolError when it is not one. */
export function pong(ping: Buffer): Uint8Array {
  const reader = new WireReader(ping, 'PING');
  reader.byte();
  const data = reader.string();
  reader.end();
  return message(byte(Message.PONG), string(data));
}

/** What the message of that sequence number is answered when nobody knows it. */
export const unimplemented = (sequence: number): Uint8Array => message(byte(Message.UNIMPLEMENTED), uint32(sequence));

/** `reason` is from DisconnectReason. */
export interface Disconnect {
  readonly reason: number;
  readonly text: string;
}

/** With no language tag. */
export const disconnectMessage = ({ reason, text }: Disconnect): Uint8Array =>
  message(byte(Message.DISCONNECT), uint32(reason), string(text), string(''));

export function readDisconnect(payload: Buffer): Disconnect {
  const reader = new WireReader(payload, 'DISCONNECT');
  reader.byte();
  return { reason: reader.uint32(), text: reader.text() };
}

/** What the peer's DISCONNECT is to whoever listens. */
export const endBy = ({ reason, text }: Disconnect): CloseReason =>
  reason === DisconnectReason.BY_APPLICATION
    ? done
    : { kind: 'lost', error: new Error(`peer disconnected: ${text} (${reason})`) };

/** What the peer is told of an error that ends the link: nothing about those that are ours. */
export function disconnectFor(error: Error): Disconnect {
  if (error instanceof HostKeyRefusedError)
    return { reason: DisconnectReason.HOST_KEY_NOT_VERIFIABLE, text: 'this is not the host key of the server I want' };
  const text = error instanceof RemoteProtocolError ? error.message : 'internal error';
  return { reason: DisconnectReason.PROTOCOL_ERROR, text };
}
