/** How often and for how long one may try to log in. */
import { describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { boolean, string } from '../../ssh/wire.ts';
import { holdTime } from '../support/held-time.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { atLogin, expectFailure, stranger } from './login-lab.ts';

describe('tries and time', () => {
  test('maxAuthTries failures end the connection; the first none and questions that are answered yes are free', async () => {
    const { peer, server } = await atLogin({ maxAuthTries: 3 });
    peer.sendLogin('user', 'none');
    await expectFailure(peer);
    for (let i = 0; i < 5; i += 1) {
      peer.sendQuery('user', userKey);
      await peer.expect(Message.USERAUTH_PK_OK);
    }
    peer.sendQuery('user', stranger);
    await expectFailure(peer);
    peer.sendLogin('user', 'none');
    await expectFailure(peer);
    peer.sendSigned('user', stranger);
    expect(await peer.gone()).toEqual({ reason: 14, text: 'Too many authentication failures' });
    expect(server.reported('login-refused')).toHaveLength(2);
  });

  test('a thousand guesses at once: no more than maxAuthTries are looked at', async () => {
    let asked = 0;
    const { peer } = await atLogin({ maxAuthTries: 2, authorize: () => ++asked < 0 });
    for (let i = 0; i < 1000; i += 1) peer.sendSigned('user', stranger, { signature: Buffer.from('x') });
    await peer.gone();
    expect(asked).toBeLessThanOrEqual(2);
  });

  test('a refusal takes at least ten milliseconds, whatever the reason for it', async () => {
    const { peer } = await atLogin({ maxAuthTries: 100 });
    const reasons: Array<() => void> = [
      () => peer.sendLogin('user', 'password', boolean(false), string('x')),
      () => peer.sendQuery('user', stranger),
      () => peer.sendSigned('user', userKey, { algorithm: 'rsa-sha2-256' }),
      () => peer.sendSigned('user', userKey, { signer: stranger }),
    ];
    for (const send of reasons) {
      const started = performance.now();
      send();
      await expectFailure(peer);
      expect(performance.now() - started).toBeGreaterThanOrEqual(10);
    }
  });

  test('login grace time drops whoever has not logged in, without a word', async () => {
    const time = holdTime();
    const { peer } = await atLogin({ loginGraceTime: 5_000 });
    time.pass(5_000);
    expect(await peer.gone()).toEqual({});
  });

  test('login grace time drops a connection that never says who it is', async () => {
    const server = await startServer({ loginGraceTime: 100 });
    const { connect } = await import('node:net');
    const socket = connect({ port: server.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await server.report('connection-closed');
    expect(server.server.connections).toBe(0);
    socket.destroy();
  });

  test('login grace time leaves alone who has logged in', async () => {
    const time = holdTime();
    const server = await startServer({ loginGraceTime: 5_000 });
    const peer = await SshPeer.login(server.port, userKey);
    const late = await SshPeer.connect(server.port);
    time.pass(5_000);
    await late.gone();
    await peer.barrier();
  });

  test('login requests after login are ignored, without an answer (RFC 4252 §5.1)', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.login(port, userKey);
    peer.sendLogin('user', 'none');
    const before = peer.numbers.length;
    await peer.barrier();
    expect(peer.numbers.slice(before)).toEqual([Message.REQUEST_FAILURE]);
  });
});
