/**
 * A public key as a value: its type, its bytes on the wire, its fingerprint, and whether it made a signature.
 *
 * Refused: DSA, RSA below 2048 bits, SHA-1 signatures (`ssh-rsa`), an algorithm that is not of the key's own type
 * whatever the signature says of itself. Certificates and security keys (`sk-…`) are not understood.
 * Facts: RFC 4253 §6.6; the types and limits are in public-numbers.ts, the algorithms in signature-algorithms.ts.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { WireReader } from '../ssh/wire.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import { readPublicNumbers, RefusedKey, type KeyType } from './public-numbers.ts';
import { signatureRuleFor } from './signature-algorithms.ts';

/** Immutable. Made by readPublicKey or parsePublicKey only, so every PublicKey is one that we accept. */
export interface PublicKey {
  /** As in the blob: `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, `-nistp384` or `-nistp521`. */
  readonly type: KeyType;
  /** RFC 4253 §6.6; must not be changed. Two keys are the same key exactly when their blobs are. */
  readonly blob: Uint8Array;
  /** `SHA256:` and base64 without padding, as OpenSSH prints it. */
  readonly fingerprint: string;
  /** Is it the same key? All bytes are compared. */
  equals(other: PublicKey): boolean;
  /**
   * Did this key sign `data`? `signature` is `string algorithm, string raw` (RFC 4253 §6.6) and must name `algorithm`,
   * which must be one of this key's type. Anything else, however malformed, is false: nothing is thrown.
   */
  verify(algorithm: string, data: Uint8Array, signature: Uint8Array): boolean;
}

/** A key, or in `refused` why it is not taken, in words for a log. */
export type ReadKey = { readonly key: PublicKey } | { readonly refused: string };

/** Read a key blob that may be anything; the bytes are copied. Never throws. */
export function readPublicKey(blob: Uint8Array): ReadKey {
  try {
    const own = Buffer.from(blob);
    const { type, keyObject } = readPublicNumbers(own);
    return { key: makePublicKey(type, own, keyObject) };
  } catch (error) {
    return { refused: error instanceof RefusedKey ? error.message : 'the key is damaged' };
  }
}

/** Read a key blob that a peer has sent. Throws RemoteProtocolError. */
export function parsePublicKey(blob: Uint8Array): PublicKey {
  const read = readPublicKey(blob);
  if ('refused' in read) throw new RemoteProtocolError('RFC 4253 §6.6', read.refused);
  return read.key;
}

function makePublicKey(type: KeyType, blob: Buffer, keyObject: KeyObject): PublicKey {
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return Object.freeze({
    type,
    blob,
    fingerprint: `SHA256:${digest}`,
    equals: (other: PublicKey) => blob.equals(other.blob),
    verify: (algorithm: string, data: Uint8Array, signature: Uint8Array) =>
      verifies(type, keyObject, algorithm, data, signature),
  });
}

function verifies(type: KeyType, key: KeyObject, algorithm: string, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    const rule = signatureRuleFor(algorithm, type);
    const reader = new WireReader(signature, 'signature');
    const named = reader.text();
    const raw = reader.string();
    return rule !== undefined && named === algorithm && reader.remaining === 0 && rule.verify(data, raw, key) === true;
  } catch {
    return false;
  }
}
