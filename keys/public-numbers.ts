/**
 * From the bytes of a public key to a key object of node:crypto, by key type; a type that is not listed is refused.
 *
 * Refused too: numbers that are negative or not in their shortest form, RSA outside 2048–16384 bits, compressed points,
 * a curve that is not the type's own, bytes after the last number. A refusal is a RefusedKey (or, where the bytes end too
 * early, WireReader's error). Facts: RFC 4253 §6.6 (RSA), RFC 5656 §3.1 and RFC 8709 §4; limits as OpenSSH's.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { WireReader } from '../ssh/wire.ts';

/** Why a key is not accepted, in words for a person. */
export class RefusedKey extends Error {}

const rsaBits = { least: 2048, most: 16_384 } as const;

const ed25519Length = 32;

type Jwk = Readonly<Record<string, string>>;

/** Every key type we take, with how its numbers are read. */
const numbers = {
  'ssh-ed25519': (reader: WireReader): Jwk => ({
    kty: 'OKP',
    crv: 'Ed25519',
    x: base64url(exactly(ed25519Length, reader.string())),
  }),
  'ssh-rsa': (reader: WireReader): Jwk => ({
    kty: 'RSA',
    e: base64url(positive(reader.string())),
    n: base64url(modulus(reader.string())),
  }),
  'ecdsa-sha2-nistp256': (reader: WireReader): Jwk => ecPoint(reader, 'nistp256', 'P-256', 32),
  'ecdsa-sha2-nistp384': (reader: WireReader): Jwk => ecPoint(reader, 'nistp384', 'P-384', 48),
  'ecdsa-sha2-nistp521': (reader: WireReader): Jwk => ecPoint(reader, 'nistp521', 'P-521', 66),
} as const;

/** A key type as the first string of its blob. */
export type KeyType = keyof typeof numbers;

const isKeyType = (type: string): type is KeyType => Object.hasOwn(numbers, type);

/** Throws RefusedKey, RemoteProtocolError (bytes end early) or whatever OpenSSL says of a point off its curve. */
export function readPublicNumbers(blob: Uint8Array): { readonly type: KeyType; readonly keyObject: KeyObject } {
  const reader = new WireReader(blob, 'public key');
  const type = reader.text();
  if (!isKeyType(type)) throw new RefusedKey(`keys of type '${type.slice(0, 64)}' are not accepted`);
  const key = numbers[type](reader);
  if (reader.remaining > 0) throw new RefusedKey(`${reader.remaining} bytes follow the key`);
  return { type, keyObject: createPublicKey({ key, format: 'jwk' }) };
}

function ecPoint(reader: WireReader, curve: string, crv: string, width: number): Jwk {
  const named = reader.text();
  if (named !== curve) throw new RefusedKey(`the key is for curve ${curve} but names '${named.slice(0, 64)}'`);
  const point = exactly(1 + 2 * width, reader.string());
  if (point[0] !== 4) throw new RefusedKey('the point is not in uncompressed form');
  return { kty: 'EC', crv, x: base64url(point.subarray(1, 1 + width)), y: base64url(point.subarray(1 + width)) };
}

function modulus(mpint: Buffer): Buffer {
  const magnitude = positive(mpint);
  const bits = 8 * magnitude.length - Math.clz32(magnitude[0] ?? 0) + 24;
  if (bits < rsaBits.least)
    throw new RefusedKey(`an RSA key of ${bits} bits is too short; ${rsaBits.least} are needed`);
  if (bits > rsaBits.most) throw new RefusedKey(`an RSA key of ${bits} bits is too long; ${rsaBits.most} are allowed`);
  return magnitude;
}

/** The magnitude of an mpint above zero, RFC 4251 §5: one zero byte in front only where the top bit would be set. */
function positive(mpint: Buffer): Buffer {
  const [first = 0, second = 0] = mpint;
  if (mpint.length === 0 || first >= 0x80) throw new RefusedKey('a number of the key is not positive');
  if (first === 0 && second < 0x80) throw new RefusedKey('a number of the key is not in its shortest form');
  return first === 0 ? mpint.subarray(1) : mpint;
}

function exactly(length: number, bytes: Buffer): Buffer {
  if (bytes.length !== length) throw new RefusedKey(`${length} bytes of key expected, ${bytes.length} found`);
  return bytes;
}

const base64url = (bytes: Buffer): string => bytes.toString('base64url');
