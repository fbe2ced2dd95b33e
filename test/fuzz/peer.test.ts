/** The fuzzer’s own client says nothing by accident: what is sent is what a test wanted to send, at a time when it may be. */
import { expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, string } from '../../ssh/wire.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { SshPeer } from '../support/ssh-peer.ts';

test('a message that is sent while the peer exchanges keys comes behind the exchange, under the new keys', async () => {
  const { port } = await startServer();
  const peer = await SshPeer.login(port, userKey);
  peer.rekey();
  peer.send(byte(Message.GLOBAL_REQUEST), string('a request that is longer than a tag@test'), boolean(true));
  await peer.expect(Message.REQUEST_FAILURE);
  expect(peer.exchanges).toBe(2);
  peer.socket.end();
  await peer.gone();
});
