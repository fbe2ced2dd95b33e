/** A client's key exchange and the host key in it: nothing goes on before somebody has said yes. RFC 4253 §8. */
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import { HostKeyCheck, type VerifyHostKey } from '../../../ssh/ssh2/host-key-check.ts';
import { clientLinks } from '../../../ssh/ssh2/links.ts';
import { newHostKey, ServerEnd } from '../../../ssh/test-ends.ts';
import { sshPair } from '../../../ssh/testing.ts';
import { byte, message, string } from '../../../ssh/wire.ts';
import type { CloseReason } from '../../../transport/close-reason.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { turns } from '../../support/turns.ts';

const later = async <T>(answer: T, count = 3): Promise<T> => {
  await turns(count);
  return answer;
};

const fails = (what: string): never => {
  throw new Error(what);
};

describe('a client', () => {
  const accepting: Array<[how: string, verify: VerifyHostKey]> = [
    ['at once', () => true],
    ['later', () => later(true)],
    ['much later', () => later(true, 50)],
  ];
  for (const [how, verifyHostKey] of accepting) {
    test(`whose owner says yes ${how} is logged in, and has heard what the server said meanwhile`, async () => {
      await using pair = await sshPair({
        client: { verifyHostKey },
        server: { signatureAlgorithms: ['ssh-ed25519', 'rsa-sha2-512'] },
      });
      expect(pair.client.link.extensions.get('server-sig-algs')?.toString()).toBe('ssh-ed25519,rsa-sha2-512');
      expect(await pair.client.connection.request('anything', Buffer.alloc(0), true)).toBe(false);
    });
  }

  test('shows its owner the key that the server has, and the algorithm that it signs with', async () => {
    const hostKeys = [newHostKey()];
    const shown: unknown[] = [];
    await using pair = await sshPair({ server: { hostKeys }, client: { verifyHostKey: key => shown.push(key) > 0 } });
    expect(shown).toEqual([{ blob: Buffer.from(hostKeys[0]!.blob), algorithm: 'ssh-ed25519' }]);
    expect([pair.client, pair.server].map(({ handshake }) => handshake.hostKey)).toEqual(
      Array(2).fill(Buffer.from(hostKeys[0]!.blob)),
    );
  });

  const refusing: Array<[what: string, verify: VerifyHostKey, error: object]> = [
    ['says no', () => false, { code: 'ERR_HOST_KEY_REFUSED', fingerprint: expect.stringMatching(/^SHA256:/) }],
    ['says no later', () => later(false), { code: 'ERR_HOST_KEY_REFUSED' }],
    ['says something that is not true', () => 'yes' as never, { code: 'ERR_HOST_KEY_REFUSED' }],
    ['says so later', () => later(1 as never), { code: 'ERR_HOST_KEY_REFUSED' }],
    ['says nothing', () => undefined as never, { code: 'ERR_HOST_KEY_REFUSED' }],
    ['throws', () => fails('disk full'), { message: 'disk full' }],
    ['throws later', async () => fails(await later('disk full')), { message: 'disk full' }],
  ];
  for (const [what, verifyHostKey, error] of refusing) {
    test(`whose owner ${what} leaves without having said who it is`, async () => {
      const { ours, theirs } = await meet(verifyHostKey);
      expect(ours).toMatchObject({ kind: 'protocol-error', error });
      expect(theirs.exchanges).toBe(0);
    });
  }

  test('that refuses a host key tells the server why (RFC 4250 §4.2.2)', async () => {
    const { theirs } = await meet(() => false);
    const message = 'peer disconnected: this is not the host key of the server I want (9)';
    expect(theirs.reason).toMatchObject({ kind: 'lost', error: { message } });
  });

  test('that nobody gave a way to look at host keys is not made', () => {
    const options = { algorithms: algorithmProfiles.modern, hostKeyAlgorithms: ['ssh-ed25519'] };
    expect(() => clientLinks({ ...options, verifyHostKey: undefined as never })).toThrow('verifyHostKey: is required');
  });

  test('does not take a key that the server cannot sign with', async () => {
    const another = newHostKey();
    const hostKeys = [{ ...newHostKey(), sign: (data: Uint8Array) => another.sign(data, 'ssh-ed25519') }];
    const { ours } = await meet(() => true, new ServerEnd({ hostKeys }));
    expect(ours).toMatchObject({ kind: 'protocol-error', error: { rule: 'RFC 4253 §7.1' } });
  });

  test('reads nothing while its owner thinks, and an answer after the end changes nothing', async () => {
    let answer: (yes: boolean) => void = () => undefined;
    const server = new ServerEnd();
    const lost: CloseReason[] = [];
    const client = clientFor(() => new Promise(resolve => (answer = resolve)), lost);
    const [, below] = loopback(client, server.link);
    await turns(20);
    for (let count = 0; count < 50; count += 1) below.write(Buffer.alloc(10_000));
    await turns(20);
    expect(below.queuedBytes).toBeGreaterThan(400_000);
    client.abort();
    await server.ended();
    answer(true);
    await turns(3);
    expect(lost.map(({ kind }) => kind)).toEqual(['aborted']);
  });

  test('asks again for another key in a later exchange, and not for the same one', async () => {
    const asked: string[] = [];
    const check = new HostKeyCheck(({ blob }) => asked.push(blob.toString()) > 0, {
      usable: true,
      hostKeyAccepted: () => undefined,
      hostKeyRefused: () => undefined,
    });
    for (const key of ['first', 'first', 'second', 'first']) {
      const heard: unknown[] = [];
      const exchange = { negotiated: { serverHostKey: 'x' }, parse: (payload: Buffer) => heard.push(payload) };
      check.guard(exchange as never);
      exchange.parse(message(byte(31), string(key), string(''), string('')));
      expect([heard.length, check.isAccepted(Buffer.from(key))]).toEqual([1, true]);
    }
    expect(asked).toEqual(['first', 'second', 'first']);
  });
});

function clientFor(verifyHostKey: VerifyHostKey, lost: CloseReason[], handshakeFailed = (): void => undefined) {
  const options = { algorithms: algorithmProfiles.modern, hostKeyAlgorithms: ['ssh-ed25519'], verifyHostKey };
  return clientLinks(options)({
    handshakeComplete: () => fails('there are keys'),
    handshakeFailed: reason => {
      lost.push(reason);
      handshakeFailed();
    },
  });
}

/** How a client whose owner answers so ends, and its server. */
async function meet(verify: VerifyHostKey, theirs = new ServerEnd()) {
  const lost: CloseReason[] = [];
  const ended = new Promise<void>(resolve => loopback(clientFor(verify, lost, resolve), theirs.link));
  await ended;
  await theirs.ended();
  return { ours: lost[0], theirs };
}
