/**
 * The host keys that a server has and will have: the list it tells its client, and the proof that it holds them.
 *
 * A client that learns keys (OpenSSH's UpdateHostKeys) takes none without a signature over this very connection. The
 * messages are `hostkeys-00@openssh.com` and `hostkeys-prove-00@openssh.com`, OpenSSH PROTOCOL §2.5.
 */
import type { HandshakeKey } from './packets.ts';
import { message, string, WireReader } from './wire.ts';

export const HOST_KEYS = 'hostkeys-00@openssh.com';
export const HOST_KEYS_PROVE = 'hostkeys-prove-00@openssh.com';

/** What `hostkeys-00` carries: every public key, the one of the handshake included. */
export const hostKeyList = (keys: readonly HandshakeKey[]): Buffer => message(...keys.map(({ blob }) => string(blob)));

/** What a proof signs. */
export const hostKeyProofData = (sessionId: Uint8Array, blob: Uint8Array): Buffer =>
  message(string(HOST_KEYS_PROVE), string(sessionId), string(blob));

/** How the connection was made: its first exchange hash, and the host key algorithm that its client chose. */
export interface ProofContext {
  readonly sessionId: Uint8Array;
  readonly serverHostKey: string;
}

/**
 * The answer to `hostkeys-prove-00`: a signature for each key that was asked about, in order. False if one is not among
 * `keys`, or more are asked for than there are. Throws RemoteProtocolError for a question that is cut off.
 */
export function proveHostKeys(asked: Buffer, keys: readonly HandshakeKey[], context: ProofContext): Buffer | false {
  const wanted = readHostKeyList(asked, keys.length).map(blob => keys.find(key => Buffer.from(key.blob).equals(blob)));
  const known = wanted.filter(key => key !== undefined);
  if (known.length === 0 || known.length < wanted.length || known.length > keys.length) return false;
  return message(...known.map(key => string(proof(key, context))));
}

/** Stops one behind `most`, which is enough to refuse. */
function readHostKeyList(list: Buffer, most: number): Buffer[] {
  const reader = new WireReader(list, HOST_KEYS_PROVE);
  const blobs: Buffer[] = [];
  while (reader.remaining > 0 && blobs.length <= most) blobs.push(reader.string());
  return blobs;
}

/** An RSA key signs by the algorithm of the handshake if that was RSA too: OpenSSH's client takes no other. */
function proof(key: HandshakeKey, { sessionId, serverHostKey }: ProofContext): Buffer {
  const [first = ''] = key.algorithms;
  const algorithm = key.algorithms.includes(serverHostKey) ? serverHostKey : first;
  const signature = key.sign(hostKeyProofData(sessionId, key.blob), algorithm);
  return message(string(algorithm), string(signature));
}
