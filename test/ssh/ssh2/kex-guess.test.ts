/**
 * A key exchange packet sent ahead of the answer: kept when the guess was right, dropped when it was wrong.
 * RFC 4253 §7; that Dropbear logs in is proved in test/interop/.
 */
import { describe, expect, test } from '@jest/globals';
import { guessedRight } from '../../../ssh/ssh2/kex-guess.ts';
import { sampleEngine, sampleKexInit, startKeyExchange, type Engine } from '../../../ssh/ssh2/library.ts';
import { byte, message, nameList } from '../../../ssh/wire.ts';

const ours = { kex: 'curve25519-sha256', serverHostKey: 'ssh-ed25519' };

const kexInit = (kex: readonly string[], hostKeys: readonly string[]): Buffer =>
  message(byte(20), Buffer.alloc(16), nameList(kex), nameList(hostKeys));

// the client's key exchange methods and host key algorithms, whether its guess is right, why
const facts: Array<[kex: string[], hostKeys: string[], right: boolean, why: string]> = [
  [['curve25519-sha256', 'ext-info-c'], ['ssh-ed25519', 'ssh-rsa'], true, 'both sides prefer the same'],
  [['curve25519-sha256'], ['ssh-rsa', 'ssh-ed25519'], false, 'another host key algorithm is preferred'],
  [['ecdh-sha2-nistp256', 'curve25519-sha256'], ['ssh-ed25519'], false, 'another method is preferred'],
  [['curve25519-sha256@libssh.org', 'curve25519-sha256'], ['ssh-ed25519'], false, 'the same method by another name'],
  [['c'], ['ssh-ed25519'], false, 'one letter is not a name (the mistake in ssh2)'],
  [[], [], false, 'nothing is preferred'],
];

describe('a guess', () => {
  for (const [kex, hostKeys, right, why] of facts) {
    test(`${kex.join()} with ${hostKeys.join()} is ${right ? 'right' : 'wrong'}: ${why}`, () => {
      expect(guessedRight(kexInit(kex, hostKeys), ours)).toBe(right);
    });
  }
});

describe('the engine’s flag', () => {
  const engineAfter = (kexInitBytes: Buffer): Engine => {
    const engine = sampleEngine({ isRightGuess: kexInit => guessedRight(kexInit, ours) });
    startKeyExchange(engine, sampleKexInit());
    engine._kex._remoteKexinit = kexInitBytes;
    return engine;
  };

  test('is not set when nothing was sent ahead', () => {
    expect(engineAfter(kexInit(['other'], ['other']))._skipNextInboundPacket).toBe(false);
  });

  test('drops a wrong guess, and only that', () => {
    const engine = engineAfter(kexInit(['other'], ['ssh-ed25519']));
    engine._skipNextInboundPacket = true;
    expect(engine._skipNextInboundPacket).toBe(true);
    engine._skipNextInboundPacket = false;
    expect(engine._skipNextInboundPacket).toBe(false);
  });

  test('keeps a right guess, and is not left over for a later key exchange', () => {
    const engine = engineAfter(kexInit(['curve25519-sha256'], ['ssh-ed25519']));
    engine._skipNextInboundPacket = true;
    expect(engine._skipNextInboundPacket).toBe(false);
    engine._kex._remoteKexinit = kexInit(['other'], ['other']);
    expect(engine._skipNextInboundPacket).toBe(false);
  });
});
