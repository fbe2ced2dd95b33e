/** Public keys and signatures, judged against keys and signatures that OpenSSH made. */
import { createHash, generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parsePublicKey, readPublicKey, type PublicKey } from '../../keys/public-key.ts';
import { signatureAlgorithms } from '../../keys/signature-algorithms.ts';
import { message, string, uint32, WireReader } from '../../ssh/wire.ts';
import { makeKey, publicBlob, sshKeygen, temporaryDirectory } from '../support/ssh-keygen.ts';

const directory = temporaryDirectory();
const text = Buffer.from('what was signed');

/** What OpenSSH signs for `ssh-keygen -Y sign -n test` (PROTOCOL.sshsig), and its signature, taken out of the armour. */
function signedByOpenSsh(path: string): { data: Buffer; signature: Buffer } {
  const armoured = sshKeygen(['-q', '-Y', 'sign', '-n', 'test', '-f', path], text.toString());
  const reader = new WireReader(Buffer.from(armoured.replace(/-----.*-----/g, ''), 'base64').subarray(6 + 4), 'SSHSIG');
  const [, , , hash, signature] = [reader.string(), reader.string(), reader.string(), reader.text(), reader.string()];
  const digest = createHash(hash).update(text).digest();
  return { data: message(Buffer.from('SSHSIG'), string('test'), string(''), string(hash), string(digest)), signature };
}

const real = (
  [
    ['ed25519', [], 'ssh-ed25519'],
    ['rsa', ['-b', '2048'], 'rsa-sha2-512'],
    ['rsa', ['-b', '3072'], 'rsa-sha2-512'],
    ['ecdsa', ['-b', '256'], 'ecdsa-sha2-nistp256'],
    ['ecdsa', ['-b', '384'], 'ecdsa-sha2-nistp384'],
    ['ecdsa', ['-b', '521'], 'ecdsa-sha2-nistp521'],
  ] as Array<[string, string[], string]>
).map(([type, options, algorithm]) => {
  const path = makeKey(directory, type, ...options);
  return { name: [type, ...options].join(' '), path, algorithm, key: parsePublicKey(publicBlob(path)) };
});
const named = (name: string): (typeof real)[number] => real.find(entry => entry.name === name)!;

describe('a key and the signature OpenSSH made with it', () => {
  for (const { name, path, algorithm, key } of real) {
    const { data, signature } = signedByOpenSsh(path);
    test(`${name}: true for ${algorithm}`, () => expect(key.verify(algorithm, data, signature)).toBe(true));
    test(`${name}: false for other data`, () => expect(key.verify(algorithm, text, signature)).toBe(false));
    test(`${name}: the fingerprint is the one ssh-keygen -l prints`, () =>
      expect(sshKeygen(['-l', '-f', path]).split(' ')[1]).toBe(key.fingerprint));
    test(`${name}: no other algorithm will do, whatever the signature calls itself (CVE-2024-45337, ssh2's truthy Error)`, () => {
      const raw = new WireReader(signature, 'signature');
      raw.string();
      const inner = raw.string();
      for (const other of ['ssh-rsa', 'ssh-dss', '', 'none', '__proto__', ...signatureAlgorithms].filter(
        a => a !== algorithm,
      )) {
        expect(key.verify(other, data, signature)).toBe(false);
        expect(key.verify(other, data, message(string(other), string(inner)))).toBe(false);
        expect(key.verify(algorithm, data, message(string(other), string(inner)))).toBe(false);
      }
    });
    test(`${name}: every signature cut short, made longer or with one bit turned is false, and none throws`, () => {
      const damaged = [
        ...Array.from(signature, (_, i) => signature.subarray(0, i)),
        ...Array.from(signature, (_, i) => Buffer.from(signature.map((b, j) => (i === j ? b ^ 1 : b)))),
        Buffer.concat([signature, Buffer.of(0)]),
        Buffer.alloc(0),
        message(uint32(0xffffffff)),
      ];
      expect(damaged.filter(bad => key.verify(algorithm, data, bad) !== false)).toEqual([]);
    });
  }
});

describe('RSA signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const mpint = (part: string | undefined): Uint8Array => {
    const bytes = Buffer.from(part ?? '', 'base64url');
    return string(bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
  };
  const key = parsePublicKey(message(string('ssh-rsa'), mpint(jwk.e), mpint(jwk.n)));
  const signature = (algorithm: string, raw: Buffer): Buffer => message(string(algorithm), string(raw));
  test('rsa-sha2-256 is accepted (RFC 8332)', () =>
    expect(key.verify('rsa-sha2-256', text, signature('rsa-sha2-256', nodeSign('sha256', text, privateKey)))).toBe(
      true,
    ));
  test('ssh-rsa is refused even when the SHA-1 signature is right (RFC 9142)', () =>
    expect(key.verify('ssh-rsa', text, signature('ssh-rsa', nodeSign('sha1', text, privateKey)))).toBe(false));
  test('a signature without its leading zero byte is still right, as OpenSSH has it', () => {
    for (let i = 0; ; i++) {
      const data = Buffer.from(`attempt ${i}`);
      const raw = nodeSign('sha512', data, privateKey);
      if (raw[0] !== 0) continue;
      expect(key.verify('rsa-sha2-512', data, signature('rsa-sha2-512', raw.subarray(1)))).toBe(true);
      return;
    }
  });
});

describe('ECDSA signatures', () => {
  test('r and s that are short or have their top bit set come out right (200 signatures)', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
    const key = parsePublicKey(message(string('ecdsa-sha2-nistp256'), string('nistp256'), string(point)));
    const mpint = (bytes: Buffer): Uint8Array => {
      const digits = bytes.subarray(bytes.findIndex(byte => byte > 0));
      return string(Buffer.from(digits[0]! >= 0x80 ? [0, ...digits] : digits));
    };
    for (let i = 0; i < 200; i++) {
      const data = Buffer.from(String(i));
      const both = nodeSign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const raw = message(mpint(both.subarray(0, 32)), mpint(both.subarray(32)));
      expect(key.verify('ecdsa-sha2-nistp256', data, message(string('ecdsa-sha2-nistp256'), string(raw)))).toBe(true);
    }
  });
});

describe('keys that are refused', () => {
  const ed = publicBlob(named('ed25519').path);
  const ec = publicBlob(named('ecdsa -b 256').path);
  const rsa = new WireReader(publicBlob(named('rsa -b 2048').path).subarray(11), 'rsa');
  const [e, n] = [rsa.string(), rsa.string()];
  const offCurve = Buffer.from(ec);
  offCurve[offCurve.length - 1]! ^= 1;
  const refused: Array<[what: string, blob: Buffer, says: RegExp]> = [
    ['nothing', Buffer.alloc(0), /damaged/],
    ['a length beyond the end', message(uint32(0xffffffff)), /damaged/],
    ['DSA', message(string('ssh-dss'), string('x')), /'ssh-dss' are not accepted/],
    ['a name from the prototype', message(string('constructor')), /'constructor' are not accepted/],
    ['a certificate', message(string('ssh-ed25519-cert-v01@openssh.com')), /not accepted/],
    [
      'ed25519 of 31 bytes',
      message(string('ssh-ed25519'), string(Buffer.alloc(31))),
      /32 bytes of key expected, 31 found/,
    ],
    ['bytes after the key', Buffer.concat([ed, Buffer.of(0)]), /1 bytes follow the key/],
    [
      'RSA of 1024 bits',
      publicBlob(makeKey(directory, 'rsa', '-b', '1024')),
      /1024 bits is too short; 2048 are needed/,
    ],
    [
      'RSA of 2047 bits',
      message(string('ssh-rsa'), string(e), string(Buffer.from([0x7f, ...n.subarray(2)]))),
      /2047 bits is too short/,
    ],
    [
      'RSA of 32768 bits',
      message(string('ssh-rsa'), string(e), string(Buffer.from([1, ...Buffer.alloc(4096, 1)]))),
      /too long/,
    ],
    [
      'RSA with a zero too many',
      message(string('ssh-rsa'), string(e), string(Buffer.from([0, ...n]))),
      /shortest form/,
    ],
    ['RSA with a negative modulus', message(string('ssh-rsa'), string(e), string(n.subarray(1))), /not positive/],
    ['RSA without an exponent', message(string('ssh-rsa'), string(''), string(n)), /not positive/],
    [
      'a curve that is not the type',
      message(string('ecdsa-sha2-nistp384'), ec.subarray(23)),
      /for curve nistp384 but names 'nistp256'/,
    ],
    [
      'a compressed point',
      message(string('ecdsa-sha2-nistp256'), string('nistp256'), string(Buffer.alloc(65, 2))),
      /uncompressed/,
    ],
    ['a point off its curve', offCurve, /damaged/],
  ];
  for (const [what, blob, says] of refused) {
    test(`${what}`, () => {
      expect(readPublicKey(blob)).toEqual({ refused: expect.stringMatching(says) });
      expect(() => parsePublicKey(blob)).toThrow(expect.objectContaining({ code: 'ERR_REMOTE_PROTOCOL' }));
    });
  }
});

describe('a PublicKey is a value', () => {
  const { path, key } = named('ed25519');
  test('equal blobs are equal keys, and nothing else is', () => {
    expect(key.equals(parsePublicKey(publicBlob(path)))).toBe(true);
    expect(real.filter(other => key.equals(other.key)).length).toBe(1);
    expect(key.equals(parsePublicKey(publicBlob(makeKey(directory, 'ed25519', '-C', 'other'))))).toBe(false);
  });
  test('it keeps its own copy of the bytes it was read from', () => {
    const blob = publicBlob(path);
    const copy: PublicKey = parsePublicKey(blob);
    blob.fill(0);
    expect(key.equals(copy)).toBe(true);
  });
  test('no DSA or SHA-1 is ever offered to clients', () =>
    expect(signatureAlgorithms).toEqual([
      'ssh-ed25519',
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]));
});
