/** The arithmetic of key exchange, against the same facts worked out another way. RFC 8731; draft-ietf-sshm-mlkem-hybrid-kex. */
import { createHash, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { keyAgreements, type KeyAgreement, type KeyAgreementRole } from '../../ssh/key-agreement.ts';
import { LocalMisuseError, RemoteProtocolError } from '../../transport/errors.ts';

const HYBRID = 'mlkem768x25519-sha256';
const agreement = (method: string, role: KeyAgreementRole): KeyAgreement => keyAgreements[method]!(role);

/** DER in front of the 32 bytes of an X25519 key, RFC 8410 §4: another way in than the one under test. */
const spki = Buffer.from('302a300506032b656e032100', 'hex');
const imported = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([spki, raw]), format: 'der', type: 'spki' });
const raw = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(spki.length);

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

for (const method of Object.keys(keyAgreements)) {
  describe(method, () => {
    test('gives both ends the same secret, and each exchange another', () => {
      const secrets = Array.from({ length: 3 }, () => {
        const client = agreement(method, 'client');
        const server = agreement(method, 'server');
        const ofServer = server.agree(client.publicValue());
        expect(client.agree(server.publicValue())).toEqual(ofServer);
        return ofServer.toString('hex');
      });
      expect(new Set(secrets).size).toBe(3);
    });

    test('a client’s keys serve once, so that nothing secret is left afterwards', () => {
      const client = agreement(method, 'client');
      const answer = (): Buffer => {
        const server = agreement(method, 'server');
        server.agree(client.publicValue());
        return server.publicValue();
      };
      client.agree(answer());
      expect(() => client.agree(answer())).toThrow(LocalMisuseError);
    });
  });
}

describe('mlkem768x25519-sha256', () => {
  test('a server answers an ML-KEM key and an X25519 key, and K is the SHA-256 of both secrets, ML-KEM’s first', () => {
    const kem = ml_kem768.keygen();
    const x25519 = generateKeyPairSync('x25519');
    const server = agreement(HYBRID, 'server');
    const k = server.agree(Buffer.concat([kem.publicKey, raw(x25519.publicKey)]));
    const reply = server.publicValue();
    expect(reply.length).toBe(1088 + 32);
    const classic = diffieHellman({ privateKey: x25519.privateKey, publicKey: imported(reply.subarray(1088)) });
    expect(k).toEqual(sha256(ml_kem768.decapsulate(reply.subarray(0, 1088), kem.secretKey), classic));
  });

  test('a client sends 1184 bytes of ML-KEM key and 32 of X25519', () => {
    const client = agreement(HYBRID, 'client');
    const sent = client.publicValue();
    expect(sent.length).toBe(1184 + 32);
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(sent.subarray(0, 1184));
    const x25519 = generateKeyPairSync('x25519');
    const classic = diffieHellman({ privateKey: x25519.privateKey, publicKey: imported(sent.subarray(1184)) });
    expect(client.agree(Buffer.concat([cipherText, raw(x25519.publicKey)]))).toEqual(sha256(sharedSecret, classic));
  });

  test('a client with a ciphertext that was changed on its way gets another secret, and no error to learn from', () => {
    const client = agreement(HYBRID, 'client');
    const server = agreement(HYBRID, 'server');
    const k = server.agree(client.publicValue());
    const changed = Buffer.from(server.publicValue());
    changed[0] = changed[0]! ^ 1;
    expect(client.agree(changed)).not.toEqual(k);
  });
});

describe('curve25519-sha256', () => {
  test('K is the number, as an mpint: no zeros in front, but one where the first bit is set (RFC 8731 §3)', () => {
    const firstBytes = new Set<string>();
    for (let count = 0; count < 64; count += 1) {
      const theirs = generateKeyPairSync('x25519');
      const server = agreement('curve25519-sha256', 'server');
      const k = server.agree(raw(theirs.publicKey));
      const x = diffieHellman({ privateKey: theirs.privateKey, publicKey: imported(server.publicValue()) });
      expect(BigInt(`0x${k.toString('hex')}`)).toBe(BigInt(`0x${x.toString('hex')}`));
      expect(k[0]! > 0 ? k[0]! < 0x80 : k[1]! >= 0x80).toBe(true);
      firstBytes.add(k[0] === 0 ? 'a zero for the sign' : 'none');
    }
    expect(firstBytes.size).toBe(2);
  });
});

const zeros = Buffer.alloc(32);
const x25519Key = raw(generateKeyPairSync('x25519').publicKey);
const kemKey = Buffer.from(ml_kem768.keygen().publicKey);

// the method, our role, what the peer sends, the rule, what is wrong with it
const refused: Array<[method: string, role: KeyAgreementRole, value: Buffer, rule: string, why: string]> = [
  ['curve25519-sha256', 'server', Buffer.alloc(0), 'RFC 8731 §3', 'nothing'],
  ['curve25519-sha256', 'server', x25519Key.subarray(1), 'RFC 8731 §3', '31 bytes'],
  ['curve25519-sha256', 'server', Buffer.concat([zeros.subarray(31), x25519Key]), 'RFC 8731 §3', '33 bytes'],
  ['curve25519-sha256', 'client', zeros, 'RFC 8731 §3', 'a point that makes every secret zero'],
  [HYBRID, 'server', x25519Key, 'draft-ietf-sshm-mlkem-hybrid-kex §2', 'the X25519 part alone'],
  [HYBRID, 'server', kemKey, 'draft-ietf-sshm-mlkem-hybrid-kex §2', 'the ML-KEM part alone'],
  [HYBRID, 'server', Buffer.concat([kemKey, x25519Key, zeros]), 'draft-ietf-sshm-mlkem-hybrid-kex §2', 'too much'],
  [HYBRID, 'server', Buffer.concat([kemKey, zeros]), 'RFC 8731 §3', 'an X25519 part that makes its secret zero'],
  [
    HYBRID,
    'server',
    Buffer.concat([Buffer.alloc(1184, 0xff), x25519Key]),
    'FIPS 203 §7.2',
    'numbers past the modulus in the ML-KEM part',
  ],
  [HYBRID, 'client', Buffer.alloc(1184 + 32), 'draft-ietf-sshm-mlkem-hybrid-kex §2', 'a key instead of a ciphertext'],
  [HYBRID, 'client', Buffer.alloc(1088 + 32), 'RFC 8731 §3', 'an X25519 part that makes its secret zero'],
];

describe('a peer that breaks a rule is told which', () => {
  for (const [method, role, value, rule, why] of refused) {
    test(`${method}, to a ${role}: ${why}`, () => {
      expect(() => agreement(method, role).agree(value)).toThrow(
        expect.objectContaining({ constructor: RemoteProtocolError, rule }),
      );
    });
  }
});

test('a hybrid server has no value before it knows the client’s', () => {
  expect(() => agreement(HYBRID, 'server').publicValue()).toThrow(LocalMisuseError);
});
