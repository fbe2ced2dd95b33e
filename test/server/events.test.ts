/** What a server reports: every event with every field, in the order things happen. */
import { expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { byte, string, uint32 } from '../../ssh/wire.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { openLab, ptyFields } from '../support/session-lab.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import { SshPeer } from '../support/ssh-peer.ts';

test('one connection with two sessions, from listening to closed', async () => {
  const { channel, peer, port, events, report } = await openLab(session => session.end('', 7));
  await channel.request('pty-req', ptyFields('vt100'));
  await channel.request('shell');
  await channel.until('close');
  const second = await peer.openSession();
  await second.request('exec', [string('uptime')]);
  await second.until('close');
  peer.send(byte(1), uint32(11), string('bye'), string(''));
  await report('connection-closed');

  const connection = { connection: 1, peer: `127.0.0.1:${peer.socket.localPort ?? 0}` };
  const session = { ...connection, user: 'user' };
  const handshake = {
    software: expect.stringMatching(/^ssh2js/),
    kex: 'curve25519-sha256',
    hostKey: 'ssh-ed25519',
    cipher: 'aes128-gcm@openssh.com',
  };
  expect(events.entries).toEqual([
    { event: 'listening', level: 'info', host: '127.0.0.1', port },
    { event: 'connection-opened', level: 'info', ...connection },
    { event: 'handshake', level: 'info', ...connection, ...handshake },
    { event: 'login-accepted', level: 'info', ...session, method: 'publickey', key: userKey.fingerprint },
    { event: 'session-started', level: 'info', ...session, session: 1, kind: 'shell', term: 'vt100' },
    { event: 'session-ended', level: 'info', ...session, session: 1, status: '7' },
    { event: 'session-started', level: 'info', ...session, session: 2, kind: 'exec', command: 'uptime' },
    { event: 'session-ended', level: 'info', ...session, session: 2, status: '7' },
    { event: 'connection-closed', level: 'info', ...connection, reason: 'closed', durationMs: expect.any(Number) },
  ]);
});

test('a signal is reported by its name', async () => {
  const { channel, report } = await openLab(session =>
    session.exit({ code: null, signal: 'SIGTERM', coreDumped: false }),
  );
  channel.sendRequest('shell', false);
  expect(await report('session-ended')).toMatchObject({ status: 'SIGTERM' });
});

test('a channel on which nothing was started is not a session that ended', async () => {
  const { channel, peer, reported } = await openLab();
  channel.close();
  await channel.until('close');
  await peer.barrier();
  expect(reported('session-ended')).toEqual([]);
});

test('a refusal tells user, method and reason; the fingerprint where a key was proved wrong', async () => {
  const { port, reported } = await startServer();
  const stranger = makeTestKey();
  const peer = await SshPeer.connect(port);
  await peer.requestService();
  peer.sendSigned('user', stranger);
  await peer.next();
  peer.sendSigned('user', userKey, { signer: stranger });
  await peer.next();
  const common = {
    event: 'login-refused',
    level: 'warn',
    connection: 1,
    peer: `127.0.0.1:${peer.socket.localPort ?? 0}`,
    user: 'user',
    method: 'publickey',
  };
  expect(reported('login-refused')).toEqual([
    { ...common, reason: `the key is not authorized: ${stranger.fingerprint}` },
    { ...common, reason: 'the signature is wrong', key: userKey.fingerprint },
  ]);
});

test('strings of the peer are as it sent them: who prints them escapes them', async () => {
  const nasty = '\x1b]0;owned\x07\n{"event":"login-accepted"}';
  const server = await startServer({ authorize: () => true });
  const peer = await SshPeer.connect(server.port, { ident: 'x' });
  await peer.requestService();
  peer.sendSigned(nasty, userKey);
  await peer.expect(Message.USERAUTH_SUCCESS);
  const channel = await peer.openSession();
  await channel.request('exec', [string(nasty)]);
  expect(await server.report('login-accepted')).toMatchObject({ user: nasty });
  expect(await server.report('session-started')).toMatchObject({ user: nasty, command: nasty });
});

test('connections are numbered from 1 in each server, sessions from 1 in each connection', async () => {
  const first = await openLab();
  await first.channel.request('shell');
  const second = await SshPeer.login(first.port, userKey);
  await (await second.openSession()).request('shell');
  expect(first.reported('session-started').map(({ connection, session }) => [connection, session])).toEqual([
    [1, 1],
    [2, 1],
  ]);
  const other = await openLab();
  await other.channel.request('shell');
  expect(other.reported('session-started').map(({ connection, session }) => [connection, session])).toEqual([[1, 1]]);
});

test('a connection that ends before its handshake is opened and closed', async () => {
  const { port, report, reported } = await startServer();
  const { connect } = await import('node:net');
  const socket = connect({ port, host: '127.0.0.1' }, () => socket.end('GET / HTTP/1.1\r\n\r\n'));
  socket.on('error', () => undefined).resume();
  expect(await report('connection-closed')).toMatchObject({
    level: 'warn',
    reason: expect.stringMatching(/RFC 4253 §4.2.*GET/),
  });
  expect(reported('handshake')).toEqual([]);
});
