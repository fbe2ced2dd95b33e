/** Our client's half of handshake and login with our server over TCP, with every kind of key. */
import { describe, expect, test } from '@jest/globals';
import type { HostKey } from '../../keys/host-key.ts';
import { signatureAlgorithms } from '../../keys/signature-algorithms.ts';
import { algorithmProfiles } from '../../ssh/algorithms.ts';
import { ClientLogin } from '../../ssh/client-login.ts';
import type { HandshakeKey } from '../../ssh/packets.ts';
import { clientLinks } from '../../ssh/ssh2/links.ts';
import type { PacketLink } from '../../ssh/ssh2/packet-link.ts';
import type { CloseReason } from '../../transport/close-reason.ts';
import { connectTcp } from '../../transport/sockets/tcp.ts';
import { hostKeyOf, startServer } from '../support/nacre-server.ts';
import { makeTestKey, type KeyKind } from '../support/ssh-keys.ts';

const kinds: KeyKind[] = ['ed25519', 'rsa', 'ecdsa-256', 'ecdsa-384', 'ecdsa-521'];
const keyOf = (key: HostKey): HandshakeKey => ({ ...key, blob: key.publicKey.blob });

describe('our client logs in to our server', () => {
  for (const kind of kinds) {
    test(`with a key of the kind ${kind}, to a host with a key of that kind`, async () => {
      const [hostKey, userKey] = await Promise.all([makeTestKey(kind), makeTestKey(kind)].map(hostKeyOf));
      const { port } = await startServer({
        hostKeys: [hostKey!],
        authorize: (user, key) => user === 'user' && key.equals(userKey!.publicKey),
      });
      const { link, outcome } = await logIn(port, hostKey!, [keyOf(userKey!)]);
      expect(outcome).toBe('accepted');
      link.abort();
    });
  }

  test('and is told when the server takes none of its keys', async () => {
    const [hostKey, stranger] = await Promise.all([makeTestKey(), makeTestKey()].map(hostKeyOf));
    const { port } = await startServer({ hostKeys: [hostKey!], authorize: () => false });
    const { outcome } = await logIn(port, hostKey!, [keyOf(stranger!)]);
    expect(outcome).toMatchObject({ error: { code: 'ERR_LOGIN_REFUSED', methods: ['publickey'] } });
  });
});

/** How the login ends, and the link that it was made on. */
async function logIn(
  port: number,
  hostKey: HostKey,
  keys: HandshakeKey[],
): Promise<{ link: PacketLink; outcome: CloseReason | 'accepted' }> {
  const links = clientLinks({
    ...{ algorithms: algorithmProfiles.modern, hostKeyAlgorithms: signatureAlgorithms },
    verifyHostKey: ({ blob }) => blob.equals(hostKey.publicKey.blob),
  });
  let link!: PacketLink;
  const connection = await connectTcp({ host: '127.0.0.1', port });
  const outcome = await new Promise<CloseReason | 'accepted'>(resolve => {
    link = links({
      handshakeComplete: ({ sessionId, hostKey }) =>
        void new ClientLogin(link, {
          ...{ user: 'user', keys, sessionId, hostKey },
          accepted: () => resolve('accepted'),
          failed: resolve,
        }),
      handshakeFailed: resolve,
    });
    connection.start(link);
  });
  return { link, outcome };
}
