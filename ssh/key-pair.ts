/**
 * New key pairs on Curve25519, with the public half as the bytes that SSH sends.
 *
 * The public half is encoded while the pair is made, never exported afterwards: in Node 20 to 24 an export holds a lock on
 * the pair while it makes strings, and if that has V8 collect the generator, whose end waits for the same lock, the
 * process stands still for ever, once in some ten thousand key exchanges. Facts: Node's src/crypto/crypto_keygen.h
 * (`~KeyPairGenConfig`) and crypto_keys.cc (`ExportJWKInner`).
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface CurveKeyPair {
  /** 32 bytes, RFC 7748 §5 and RFC 8032 §5.1.5. */
  readonly publicBytes: Buffer;
  readonly privateKey: KeyObject;
}

/** As JWK, which OpenSSL is 10 to 80 times quicker with than with DER. A half without an encoding is a KeyObject. */
const encoding = { publicKeyEncoding: { format: 'jwk' } };

export function newKeyPair(type: 'x25519' | 'ed25519'): CurveKeyPair {
  const pair = type === 'x25519' ? generateKeyPairSync('x25519', encoding) : generateKeyPairSync('ed25519', encoding);
  // Node's types know no halves of different kinds.
  const x: unknown = Reflect.get(pair.publicKey, 'x');
  if (typeof x !== 'string') throw new TypeError('Node has made no JWK of a public key');
  return { publicBytes: Buffer.from(x, 'base64url'), privateKey: pair.privateKey };
}
