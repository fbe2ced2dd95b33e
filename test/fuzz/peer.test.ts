/** The fuzzer’s own client says nothing by accident: what is sent is what a test wanted to send, at a time when it may be. */
import { expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, string } from '../../ssh/wire.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { SshPeer, type PeerOptions } from '../support/ssh-peer.ts';
import { QuickPackets } from './quick-packets.ts';

const quick = (cipher: string): PeerOptions => ({
  cipher: [cipher],
  packets: (...given) => new QuickPackets(...given),
});

const clients: Array<[name: string, options: PeerOptions]> = [
  ['stock packets', {}],
  ['quick packets, GCM', quick('aes128-gcm@openssh.com')],
  ['quick packets, ChaCha20', quick('chacha20-poly1305@openssh.com')],
  ['quick packets, CTR', quick('aes256-ctr')],
];

test.each(clients)(
  '%s: a message that is sent while the peer exchanges keys comes behind the exchange, under the new keys',
  async (_name, options) => {
    const { port } = await startServer();
    const peer = await SshPeer.login(port, userKey, options);
    peer.rekey();
    peer.send(byte(Message.GLOBAL_REQUEST), string('a request that is longer than a tag@test'), boolean(true));
    await peer.expect(Message.REQUEST_FAILURE);
    expect(peer.exchanges).toBe(2);
    peer.socket.end();
    await peer.gone();
  },
);
