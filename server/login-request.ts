/**
 * Login requests as a client sends them, taken apart: RFC 4252 §5, §7, and OpenSSH's way to bind a signature to a host key.
 *
 * Nothing is judged here but the form. What is signed is put together from this very connection, never from the request.
 */
import { message, string, WireReader } from '../ssh/wire.ts';
import { RemoteProtocolError } from '../transport/errors.ts';

/** Signs for the host key too, so that a signature made for one server is worth nothing to another. OpenSSH PROTOCOL §3.1. */
const HOST_BOUND = 'publickey-hostbound-v00@openssh.com';
const SERVICE = 'ssh-connection';

/** What a signature is bound to. */
export interface SignedConnection {
  readonly sessionId: Buffer;
  /** The host key that the handshake was signed with. */
  readonly hostKey: Uint8Array;
}

export interface LoginRequest {
  readonly user: string;
  readonly method: string;
  readonly credential: KeyCredential | undefined;
}

export interface KeyCredential {
  readonly algorithm: string;
  readonly blob: Buffer;
  /** Absent in the question "would this key do?", RFC 4252 §7. */
  readonly signature: { readonly signed: Buffer; readonly bytes: Buffer } | undefined;
}

/** Behind the message number. */
export function readerOf(payload: Buffer, what: string): WireReader {
  const reader = new WireReader(payload, what);
  reader.byte();
  return reader;
}

/** Throws RemoteProtocolError for what is no login request, or one for another service or host key. */
export function readRequest(payload: Buffer, connection: SignedConnection): LoginRequest {
  const reader = readerOf(payload, 'USERAUTH_REQUEST');
  const user = reader.text();
  const service = reader.text();
  const method = reader.text();
  if (service !== SERVICE) throw new RemoteProtocolError('RFC 4252 §5', `login for an unknown service ${service}`);
  if (method !== 'publickey' && method !== HOST_BOUND) return { user, method, credential: undefined };
  const hostKey = method === HOST_BOUND ? connection.hostKey : undefined;
  return { user, method, credential: readCredential(reader, payload, connection.sessionId, hostKey) };
}

/** What is signed is the session identifier and the request itself up to the signature. RFC 4252 §7. */
function readCredential(
  reader: WireReader,
  payload: Buffer,
  sessionId: Buffer,
  hostKey: Uint8Array | undefined,
): KeyCredential {
  const hasSignature = reader.boolean();
  const algorithm = reader.text();
  const blob = reader.string();
  if (hostKey && !reader.string().equals(hostKey)) {
    throw new RemoteProtocolError('OpenSSH PROTOCOL §3.1', 'a login for another host key');
  }
  if (!hasSignature) return { algorithm, blob, signature: undefined };
  const signed = message(string(sessionId), payload.subarray(0, payload.length - reader.remaining));
  const bytes = reader.string();
  reader.end();
  return { algorithm, blob, signature: { signed, bytes } };
}
