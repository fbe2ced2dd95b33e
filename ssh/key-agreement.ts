/**
 * How two ends come to one secret: X25519, and ML-KEM-768 with X25519 beside it. The numbers only, no messages.
 *
 * One object serves one key exchange and forgets its private half when the secret is out. Values of the peer are
 * refused when they have the wrong length, when they are no ML-KEM key, or when they make the secret zero.
 * Facts: RFC 8731 §3; draft-ietf-sshm-mlkem-hybrid-kex §2; FIPS 203 §7. ML-KEM itself is @noble/post-quantum's, until
 * every Node that we support has its own.
 */
import { createHash, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { ml_kem768 as mlKem } from '@noble/post-quantum/ml-kem.js';
import { LocalMisuseError, RemoteProtocolError } from '../transport/errors.ts';
import { newKeyPair } from './key-pair.ts';
import { mpintBytes } from './wire.ts';

export interface KeyAgreement {
  /** What this end sends. A server's is known behind `agree` when it depends on what the client sent. */
  publicValue(): Buffer;
  /**
   * K from what the peer sent, as it stands in the exchange hash and in the derivation of keys, less its length.
   * Once only. Throws RemoteProtocolError when the peer's value is none.
   */
  agree(theirs: Buffer): Buffer;
}

export type KeyAgreementRole = 'client' | 'server';

/** By the name of the method. All of them hash with SHA-256. */
export const keyAgreements: Readonly<Record<string, (role: KeyAgreementRole) => KeyAgreement>> = {
  'mlkem768x25519-sha256': role => (role === 'client' ? new HybridClient() : new HybridServer()),
  'curve25519-sha256': () => new PlainX25519(),
  'curve25519-sha256@libssh.org': () => new PlainX25519(),
};

const X25519_BYTES = 32;
const HYBRID = 'draft-ietf-sshm-mlkem-hybrid-kex §2';

/** An X25519 key pair. The peer's key comes in as JWK, which OpenSSL is 10 to 80 times quicker with than with DER. */
class X25519 {
  readonly publicKey: Buffer;
  #privateKey: KeyObject | undefined;

  constructor() {
    const { publicBytes, privateKey } = newKeyPair('x25519');
    this.publicKey = publicBytes;
    this.#privateKey = privateKey;
  }

  /** 32 bytes, for which the private key is used up. OpenSSL refuses to make a secret of zeros, RFC 7748 §6.1. */
  secret(theirs: Buffer): Buffer {
    const privateKey = this.#privateKey;
    this.#privateKey = undefined;
    if (!privateKey) throw new LocalMisuseError('a key pair serves one key exchange');
    const x = theirs.toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    try {
      return diffieHellman({ privateKey, publicKey });
    } catch (cause) {
      throw new RemoteProtocolError('RFC 8731 §3', 'an X25519 key that makes the secret zero', { cause });
    }
  }
}

class PlainX25519 implements KeyAgreement {
  readonly #x25519 = new X25519();

  publicValue(): Buffer {
    return this.#x25519.publicKey;
  }

  agree(theirs: Buffer): Buffer {
    requireLength('RFC 8731 §3', theirs, X25519_BYTES);
    return mpintBytes(this.#x25519.secret(theirs));
  }
}

/** Sends an ML-KEM key and an X25519 key, and gets a ciphertext and an X25519 key. */
class HybridClient implements KeyAgreement {
  readonly #x25519 = new X25519();
  readonly #publicValue: Buffer;
  #secretKey: Uint8Array | undefined;

  constructor() {
    const { publicKey, secretKey } = mlKem.keygen();
    this.#publicValue = Buffer.concat([publicKey, this.#x25519.publicKey]);
    this.#secretKey = secretKey;
  }

  publicValue(): Buffer {
    return this.#publicValue;
  }

  agree(theirs: Buffer): Buffer {
    const [cipherText, x25519] = split(theirs, mlKem.lengths.cipherText ?? 0);
    const secretKey = this.#secretKey;
    this.#secretKey = undefined;
    if (!secretKey) throw new LocalMisuseError('a key pair serves one key exchange');
    return combined(mlKem.decapsulate(cipherText, secretKey), this.#x25519.secret(x25519));
  }
}

class HybridServer implements KeyAgreement {
  #publicValue: Buffer | undefined;

  publicValue(): Buffer {
    if (!this.#publicValue) throw new LocalMisuseError('the answer is a ciphertext for the key that the client sends');
    return this.#publicValue;
  }

  agree(theirs: Buffer): Buffer {
    const [publicKey, x25519] = split(theirs, mlKem.lengths.publicKey ?? 0);
    const ours = new X25519();
    const { cipherText, sharedSecret } = encapsulate(publicKey);
    this.#publicValue = Buffer.concat([cipherText, ours.publicKey]);
    return combined(sharedSecret, ours.secret(x25519));
  }
}

/** FIPS 203 §7.2 has a key checked before it is used: numbers past the modulus are refused. */
function encapsulate(publicKey: Buffer): { cipherText: Uint8Array; sharedSecret: Uint8Array } {
  try {
    return mlKem.encapsulate(publicKey);
  } catch (cause) {
    throw new RemoteProtocolError('FIPS 203 §7.2', 'this is no ML-KEM-768 key', { cause });
  }
}

/** The ML-KEM part, and the X25519 part behind it. */
function split(value: Buffer, mlKemBytes: number): [mlKem: Buffer, x25519: Buffer] {
  requireLength(HYBRID, value, mlKemBytes + X25519_BYTES);
  return [value.subarray(0, mlKemBytes), value.subarray(mlKemBytes)];
}

const combined = (mlKemSecret: Uint8Array, x25519Secret: Uint8Array): Buffer =>
  createHash('sha256').update(mlKemSecret).update(x25519Secret).digest();

function requireLength(rule: string, value: Buffer, bytes: number): void {
  if (value.length === bytes) return;
  throw new RemoteProtocolError(rule, `a key exchange value of ${value.length} bytes instead of ${bytes}`);
}
