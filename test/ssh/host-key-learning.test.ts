/** A client that learns a server's host keys: known ones at once, new ones by proof, and nothing from a server that has none. */
import { describe, expect, test } from '@jest/globals';
import { HOST_KEYS, HOST_KEYS_PROVE, hostKeyList, proveHostKeys } from '../../ssh/host-key-proof.ts';
import { learnHostKeys } from '../../ssh/host-key-learning.ts';
import type { HandshakeKey } from '../../ssh/packets.ts';
import { newHostKey } from '../../ssh/test-ends.ts';
import { sshPair, type SshPair } from '../../ssh/testing.ts';
import { string } from '../../ssh/wire.ts';
import { verifySignature } from '../support/verify-signature.ts';

const [current, next, another] = [newHostKey(), newHostKey(), newHostKey()];
const blobOf = ({ blob }: HandshakeKey): Buffer => Buffer.from(blob);

/** What a client that knows `current` makes of a server that tells `list` and proves with `keys`. */
async function learned(list: Buffer, keys: readonly HandshakeKey[], times = 1): Promise<unknown> {
  let pair: SshPair | undefined;
  const heard: unknown[] = [];
  const outcome = new Promise<void>(resolve => {
    const globalRequests = learnHostKeys(() => pair!.client.connection, {
      get sessionId() {
        return pair!.client.handshake.sessionId;
      },
      isKnown: blob => blob.equals(current.blob),
      verify: verifySignature,
      hostKeysProven: keys => resolve(void heard.push(keys)),
      failed: error => resolve(void heard.push(error.message)),
    });
    const prove = (data: Buffer) => proveHostKeys(data, keys, pair!.server.handshake);
    void sshPair({
      client: { connection: { globalRequests } },
      server: { connection: { globalRequests: { [HOST_KEYS_PROVE]: prove } }, hostKeys: [current] },
    }).then(made => {
      pair = made;
      for (let count = 0; count < times; count += 1) void pair.server.connection.request(HOST_KEYS, list, false);
    });
  });
  await outcome;
  expect(await pair!.client.connection.request('anything', Buffer.alloc(0), true)).toBe(false);
  await pair![Symbol.asyncDispose]();
  return heard;
}

describe('a client', () => {
  test('learns keys that prove themselves, beside those that it knows', async () => {
    expect(await learned(hostKeyList([current, next]), [current, next])).toEqual([
      [
        { blob: blobOf(current), known: true },
        { blob: blobOf(next), known: false },
      ],
    ]);
  });

  test('asks for no proof of what it knows', async () => {
    expect(await learned(hostKeyList([current]), [])).toEqual([[{ blob: blobOf(current), known: true }]]);
  });

  test('hears one list only', async () => {
    expect(await learned(hostKeyList([current, next]), [current, next], 3)).toHaveLength(1);
  });

  const liar: HandshakeKey = { ...next, sign: (data, algorithm) => another.sign(data, algorithm) };
  const broken = 'peer broke OpenSSH PROTOCOL §2.5: ';
  const nothing: Array<[what: string, list: Buffer, keys: HandshakeKey[], says: string]> = [
    ['a key that another signs for', hostKeyList([next]), [liar], `${broken}a host key that did not prove itself`],
    [
      'a good key and one that another signs for',
      hostKeyList([another, next]),
      [another, liar],
      `${broken}a host key that did not prove itself`,
    ],
    ['a key that it has not', hostKeyList([next]), [current], `${broken}no proof of host keys that it has told`],
    ['keys without an end', hostKeyList(Array<HandshakeKey>(33).fill(next)), [next], `${broken}more than 32 keys`],
    [
      'half a key',
      Buffer.from(string('a key')).subarray(0, 6),
      [],
      `peer broke RFC 4251 §5: ${HOST_KEYS} ends 3 bytes too early`,
    ],
  ];
  for (const [what, list, keys, says] of nothing) {
    test(`learns nothing from a server that tells ${what}`, async () => {
      expect(await learned(list, keys)).toEqual([says]);
    });
  }
});
