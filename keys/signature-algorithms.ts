/**
 * The signature algorithms we make and accept, each with the one key type it belongs to. SHA-1 (`ssh-rsa`) is not here.
 *
 * This table is the only place that pairs an algorithm with a key: a client chooses the algorithm's name, and must not
 * thereby choose how its key is used. `raw` is the inner string of a signature, without the algorithm's name.
 * Facts: RFC 8709 §6 (ed25519), RFC 8332 §3 (RSA), RFC 5656 §3.1.2 (ECDSA: mpint r, mpint s).
 */
import { sign, verify, type KeyObject } from 'node:crypto';
import { message, string, WireReader, type Field } from '../ssh/wire.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import type { KeyType } from './public-numbers.ts';

interface SignatureRule {
  readonly keyType: KeyType;
  readonly sign: (data: Uint8Array, privateKey: KeyObject) => Buffer;
  /** May throw for a malformed `raw`. */
  readonly verify: (data: Uint8Array, raw: Buffer, publicKey: KeyObject) => boolean;
}

const ed25519: SignatureRule = {
  keyType: 'ssh-ed25519',
  sign: (data, key) => sign(null, data, key),
  verify: (data, raw, key) => verify(null, data, key, raw),
};

/** A signer may leave out leading zeros (old PuTTY does): they are put back, as OpenSSH's ssh-rsa.c does. */
const rsa = (hash: string): SignatureRule => ({
  keyType: 'ssh-rsa',
  sign: (data, key) => sign(hash, data, key),
  verify: (data, raw, key) =>
    verify(hash, data, key, padded(raw, Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8))),
});

/** `width`: bytes of r and of s in IEEE P1363 form, which is what node:crypto takes without ASN.1. */
const ecdsa = (keyType: KeyType, hash: string, width: number): SignatureRule => ({
  keyType,
  sign: (data, key) => {
    const both = sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
    return message(mpint(both.subarray(0, width)), mpint(both.subarray(width)));
  },
  verify: (data, raw, key) => {
    const reader = new WireReader(raw, 'ECDSA signature');
    const both = Buffer.concat([fixed(reader.string(), width), fixed(reader.string(), width)]);
    return reader.remaining === 0 && verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, both);
  },
});

/** In order of preference. */
const signatureRules = {
  'ssh-ed25519': ed25519,
  'rsa-sha2-512': rsa('sha512'),
  'rsa-sha2-256': rsa('sha256'),
  'ecdsa-sha2-nistp256': ecdsa('ecdsa-sha2-nistp256', 'sha256', 32),
  'ecdsa-sha2-nistp384': ecdsa('ecdsa-sha2-nistp384', 'sha384', 48),
  'ecdsa-sha2-nistp521': ecdsa('ecdsa-sha2-nistp521', 'sha512', 66),
} as const satisfies Record<string, SignatureRule>;

/** Every algorithm of a user's signature that can succeed, in order of preference: for `server-sig-algs`, RFC 8308 §3.1. */
export const signatureAlgorithms: readonly string[] = Object.freeze(Object.keys(signatureRules));

/** The rule of `algorithm`, if it is one of ours and belongs to keys of `type`. */
export function signatureRuleFor(algorithm: string, type: KeyType): SignatureRule | undefined {
  const rule = Object.entries(signatureRules).find(([name]) => name === algorithm)?.[1];
  return rule?.keyType === type ? rule : undefined;
}

/** The algorithms that keys of `type` may sign with, in order of preference. */
export const algorithmsOf = (type: KeyType): readonly string[] =>
  Object.entries(signatureRules).flatMap(([name, rule]) => (rule.keyType === type ? [name] : []));

const padded = (bytes: Buffer, width: number): Buffer =>
  Buffer.concat([Buffer.alloc(Math.max(0, width - bytes.length)), bytes]);

/** An mpint as exactly `width` bytes. */
function fixed(number: Buffer, width: number): Buffer {
  const magnitude = number[0] === 0 ? number.subarray(1) : number;
  const negative = (number[0] ?? 0) >= 0x80;
  if (negative || magnitude.length > width) throw new RemoteProtocolError('RFC 5656 §3.1.2', 'a number out of range');
  return padded(magnitude, width);
}

/** A positive number as an mpint, RFC 4251 §5: shortest form, a zero byte in front where the top bit would be set. */
function mpint(magnitude: Buffer): Field {
  const start = magnitude.findIndex(byte => byte !== 0);
  const digits = start < 0 ? Buffer.alloc(0) : magnitude.subarray(start);
  return string((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}
