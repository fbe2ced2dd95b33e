/**
 * The client's half of host key rotation: a server tells its keys, and those that are new must prove themselves.
 *
 * A key counts only with its signature over this very connection; one that fails fails them all, as in ssh(1). What to
 * do with the list is the caller's business: it comes once, whole and proved. OpenSSH PROTOCOL §2.5.
 */
import { asError, RemoteProtocolError } from '../transport/errors.ts';
import { HOST_KEYS, HOST_KEYS_PROVE, hostKeyProofData } from './host-key-proof.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { SshConnection } from './connection.ts';
import { message, string, WireReader } from './wire.ts';

/** A server has one of each type, now and next: a dozen. */
const MAX_KEYS = 32;

export interface HostKeyLearningOptions {
  /** The first exchange hash, which proofs are bound to. */
  readonly sessionId: Uint8Array;
  /** Is this key noted for this server already? Then it is not asked for a proof. */
  readonly isKnown: (blob: Buffer) => boolean;
  /**
   * Did the key in `blob` make `signature` (RFC 4253 §6.6) over `data`? False for a key that is not understood.
   */
  readonly verify: (blob: Buffer, data: Buffer, signature: Buffer) => boolean;
  /** All that the server has told, in its order: known ones, and new ones that have proved themselves. */
  readonly hostKeysProven: (keys: ReadonlyArray<{ readonly blob: Buffer; readonly known: boolean }>) => void;
  /** A key did not prove itself, or the server would not answer: nothing is learned. */
  readonly failed: (error: Error) => void;
}

/** What to answer to the server's global requests. `connection` is asked for when the list has come. */
export function learnHostKeys(
  connection: () => SshConnection,
  options: HostKeyLearningOptions,
): Required<ConnectionOptions>['globalRequests'] {
  let heard = false;
  return {
    [HOST_KEYS]: list => {
      if (heard) return false;
      heard = true;
      learn(connection(), list, options).catch((error: unknown) => options.failed(asError(error)));
      return false;
    },
  };
}

async function learn(connection: SshConnection, list: Buffer, options: HostKeyLearningOptions): Promise<void> {
  const blobs = readStrings(list, HOST_KEYS, MAX_KEYS);
  const keys = blobs.map(blob => ({ blob, known: options.isKnown(blob) }));
  const unknown = keys.filter(({ known }) => !known).map(({ blob }) => blob);
  if (unknown.length > 0) await prove(connection, unknown, options);
  options.hostKeysProven(keys);
}

/** Throws unless each has signed. */
async function prove(
  connection: SshConnection,
  blobs: readonly Buffer[],
  options: HostKeyLearningOptions,
): Promise<void> {
  const answer = await connection.request(HOST_KEYS_PROVE, message(...blobs.map(blob => string(blob))), true);
  if (answer === false)
    throw new RemoteProtocolError('OpenSSH PROTOCOL §2.5', 'no proof of host keys that it has told');
  const signatures = readStrings(answer, HOST_KEYS_PROVE, blobs.length);
  const proved = blobs.every((blob, index) => {
    const signature = signatures[index];
    return signature !== undefined && options.verify(blob, hostKeyProofData(options.sessionId, blob), signature);
  });
  if (!proved || signatures.length !== blobs.length)
    throw new RemoteProtocolError('OpenSSH PROTOCOL §2.5', 'a host key that did not prove itself');
}

/** Throws RemoteProtocolError for a list that is cut off, or longer than `most`. */
function readStrings(list: Buffer, what: string, most: number): Buffer[] {
  const reader = new WireReader(list, what);
  const strings: Buffer[] = [];
  while (reader.remaining > 0) {
    if (strings.length === most) throw new RemoteProtocolError('OpenSSH PROTOCOL §2.5', `more than ${most} keys`);
    strings.push(Buffer.from(reader.string()));
  }
  return strings;
}
