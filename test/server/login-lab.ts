/** A server and a peer of it that is about to log in. */
import { expect } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { startServer } from '../support/nacre-server.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import { SshPeer } from '../support/ssh-peer.ts';

/** A key that nobody has authorized. */
export const stranger = makeTestKey();

/** A connection that has asked for the login service and got it. */
export async function atLogin(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const peer = await SshPeer.connect(server.port);
  await peer.requestService();
  return { server, peer };
}

/** RFC 4252 §5.1: `publickey` can continue, and nothing has partly succeeded. */
export async function expectFailure(peer: SshPeer): Promise<void> {
  const reader = await peer.expect(Message.USERAUTH_FAILURE);
  expect(reader.nameList()).toEqual(['publickey']);
  expect(reader.boolean()).toBe(false);
  expect(reader.remaining).toBe(0);
}
