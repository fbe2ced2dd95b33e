/** Admission and the PROXY protocol on a real server: who gets in, what the refused see, what is logged. */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { AdmissionOptions } from '../../server/admission/options.ts';
import { Message } from '../../ssh/codes.ts';
import { byte, string, uint32 } from '../../ssh/wire.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import { v1, v2 } from '../support/proxy-header.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import { SshPeer } from '../support/ssh-peer.ts';

/** A connection from an address of the loopback network, of which there are many. */
function dial(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = createConnection({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
  closeAfterTest(() => void socket.destroy());
  return socket;
}

/** All that the server says until it closes. */
const heard = (socket: Socket): Promise<string> => text(socket.setEncoding('latin1'));

const greets = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

const startups = (full: number): AdmissionOptions => ({ startups: { begin: full, full } });

describe('who is refused', () => {
  test('is told why before any SSH, and the log has the reason', async () => {
    const { port, report, reported } = await startServer({ admission: startups(1) });
    const first = dial(port);
    expect(await greets(first)).toMatch(/^SSH-2\.0-/);
    const second = dial(port);
    expect(await heard(second)).toMatch(/^Exceeded MaxStartups: [^\r\n]*\r\n$/);
    expect(await report('connection-refused')).toEqual({
      event: 'connection-refused',
      level: 'warn',
      reason: 'startups',
      source: '127.0.0.1',
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    expect(reported('connection-opened')).toHaveLength(1);
  });

  test('may come when another has logged in', async () => {
    const { port } = await startServer({ admission: startups(1) });
    await SshPeer.login(port, userKey);
    expect(await greets(dial(port))).toMatch(/^SSH-2\.0-/);
  });

  test('or when another has gone', async () => {
    const { port, report } = await startServer({ admission: startups(1) });
    const first = dial(port);
    await greets(first);
    first.destroy();
    await report('connection-closed');
    expect(await greets(dial(port))).toMatch(/^SSH-2\.0-/);
  });
});

describe('penalties', () => {
  test('a login that failed counts when the connection ends, and the source is then refused for a while', async () => {
    const { port, report } = await startServer({ admission: { penalties: { min: 0, authFail: 600_000 } } });
    const peer = await SshPeer.connect(port);
    await peer.requestService();
    peer.sendSigned('user', makeTestKey());
    await peer.next();
    peer.socket.destroy();
    expect(await report('source-penalised')).toEqual({
      event: 'source-penalised',
      level: 'warn',
      source: '127.0.0.1',
      cause: 'authFail',
      penaltyMs: 600_000,
    });
    expect(await heard(dial(port))).toMatch(/^Not allowed at this time: try again in \d+ s\r\n$/);
    expect(await report('connection-refused')).toMatchObject({ reason: 'penalty', cause: 'authFail' });
    expect(await greets(dial(port, '127.0.0.2'))).toMatch(/^SSH-2\.0-/);
  });

  test('a login does not count, and neither does leaving, when keys could not be looked up', async () => {
    const { port, report, reported } = await startServer({
      admission: { penalties: { min: 0 } },
      authorize: () => Promise.reject(new Error('there was no answer')),
    });
    const peer = await SshPeer.connect(port);
    await peer.requestService();
    peer.sendSigned('user', makeTestKey());
    await peer.expect(Message.USERAUTH_FAILURE);
    peer.socket.destroy();
    await report('connection-closed');
    expect(reported('login-error')).toMatchObject([{ error: 'there was no answer' }]);
    expect(reported('source-penalised')).toEqual([]);
    expect(await greets(dial(port))).toMatch(/^SSH-2\.0-/);
  });

  test('a failed password counts as well, and a user that does not exist by its own name', async () => {
    const { port, report } = await startServer({
      admission: { penalties: { min: 0 } },
      isUser: name => name !== 'nobody',
    });
    const peer = await SshPeer.connect(port);
    await peer.requestService();
    peer.sendLogin('nobody', 'password', byte(0), string('secret'));
    await peer.next();
    peer.socket.destroy();
    expect(await report('source-penalised')).toMatchObject({ cause: 'invalidUser' });
  });

  test('the grace time is one cause, silence another', async () => {
    const { port, report } = await startServer({ loginGraceTime: 5, admission: { penalties: { min: 0 } } });
    dial(port);
    expect(await report('source-penalised')).toMatchObject({ cause: 'graceExceeded', penaltyMs: 10_000 });
    const other = await startServer({ admission: { penalties: { min: 0 } } });
    dial(other.port).end('GET /\r\n');
    expect(await other.report('source-penalised')).toMatchObject({ cause: 'noAuth', penaltyMs: 1_000 });
  });

  test('no shared algorithm, and a failure before a login, are no crime', async () => {
    const { port, report, reported } = await startServer({ admission: { penalties: { min: 0, noAuth: 0 } } });
    await expect(SshPeer.connect(port, { kex: ['diffie-hellman-group14-sha1'] })).rejects.toThrow();
    await report('connection-closed');
    const peer = await SshPeer.connect(port);
    await peer.requestService();
    peer.sendSigned('user', makeTestKey());
    await peer.next();
    peer.sendSigned('user', userKey);
    await peer.next();
    peer.send(byte(1), uint32(11), string('bye'), string(''));
    await peer.gone();
    await SshPeer.login(port, userKey);
    expect(reported('source-penalised')).toEqual([]);
  });

  test('a server that shuts down penalises nobody', async () => {
    const { server, port, report, reported } = await startServer({ admission: { penalties: { min: 0 } } });
    dial(port);
    await report('connection-opened');
    await server.close();
    expect(reported('source-penalised')).toEqual([]);
  });
});

describe('behind a proxy', () => {
  const client = v1('PROXY TCP4 192.0.2.1 198.51.100.7 56324 22');
  const trusting = { mode: 'required', trusted: ['127.0.0.1/32'] } as const;

  test('every line of the log and the session see the client, and the first names the proxy', async () => {
    const { port, report } = await startServer({ proxyProtocol: trusting });
    const socket = dial(port);
    socket.write(client);
    expect(await greets(socket)).toMatch(/^SSH-2\.0-/);
    expect(await report('connection-opened')).toMatchObject({
      peer: '192.0.2.1:56324',
      proxy: `127.0.0.1:${socket.localPort ?? 0}`,
    });
  });

  test('limits and penalties are those of the client, not of the proxy', async () => {
    const { port, report } = await startServer({ proxyProtocol: trusting, admission: { source: { maxStartups: 1 } } });
    const first = dial(port);
    first.write(client);
    await greets(first);
    const second = dial(port);
    second.write(client);
    expect(await heard(second)).toMatch(/^Exceeded MaxStartups/);
    expect(await report('connection-refused')).toMatchObject({ source: '192.0.2.1', proxy: expect.any(String) });
    const other = dial(port);
    other.write(v2());
    expect(await heard(other)).toMatch(/^Exceeded/);
    const bob = dial(port);
    bob.write(v1('PROXY TCP4 192.0.2.2 198.51.100.7 56324 22'));
    expect(await greets(bob)).toMatch(/^SSH-2\.0-/);
  });

  test('a health check is the proxy itself, and is never penalised', async () => {
    const { port, events, reported } = await startServer({
      proxyProtocol: trusting,
      admission: { penalties: { min: 0 } },
    });
    for (let n = 1; n <= 2; n++) {
      const check = dial(port);
      check.write(v2({ command: 0x20 }));
      expect(await greets(check)).toMatch(/^SSH-2\.0-/);
      check.destroy();
      await events.until(() => reported('connection-closed').length === n, 'its end');
    }
    expect(reported('source-penalised')).toEqual([]);
    expect(reported('connection-opened')[0]).not.toHaveProperty('proxy');
  });

  test('nobody else gets in where a proxy is required', async () => {
    const { port, report } = await startServer({ proxyProtocol: trusting });
    const stranger = dial(port, '127.0.0.2');
    stranger.write(client);
    expect(await heard(stranger)).toBe('Not allowed: connect through the proxy\r\n');
    expect(await report('connection-refused')).toMatchObject({ reason: 'proxy-untrusted' });
  });

  test.each([
    ['a proxy without a header', 'SSH-2.0-x\r\n', /no header/],
    ['a proxy with a broken one', 'PROXY nonsense\r\n', /nonsense/],
  ])('%s is refused with the reason', async (_proxy, said, cause) => {
    const { port, report } = await startServer({ proxyProtocol: trusting });
    dial(port).write(said);
    expect(await report('connection-refused')).toMatchObject({
      reason: 'proxy-header',
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      cause: expect.stringMatching(cause),
    });
  });

  test('where it is optional, others connect directly, and a header of theirs is a breach', async () => {
    const { port, report, reported } = await startServer({ proxyProtocol: { ...trusting, mode: 'optional' } });
    const direct = await SshPeer.login(port, userKey);
    expect(reported('connection-opened')).toMatchObject([{ peer: `127.0.0.1:${direct.socket.localPort ?? 0}` }]);
    const liar = dial(port, '127.0.0.2');
    await greets(liar);
    liar.write(client);
    expect(await report('connection-closed')).toMatchObject({
      peer: expect.stringMatching(/^127\.0\.0\.2/),
      reason: expect.stringMatching(/RFC 4253 §4\.2.*PROXY TCP4/),
    });
  });

  test('switched off, a header is a breach from anybody', async () => {
    const { port, report } = await startServer({ proxyProtocol: { trusted: ['127.0.0.1'] } });
    dial(port).write(client);
    expect(await report('connection-closed')).toMatchObject({ reason: expect.stringMatching(/PROXY TCP4/) });
  });

  test('closing the server drops who has not sent a header yet, without a line in the log', async () => {
    const { server, port, reported } = await startServer({ proxyProtocol: trusting });
    const socket = dial(port).resume();
    await once(socket, 'connect');
    const gone = new Promise(resolve => socket.once('close', resolve));
    const before = dial(port);
    before.write(client);
    await greets(before);
    await server.close();
    await gone;
    expect(reported('connection-refused')).toEqual([]);
  });

  test('those whose header is still to come count as connections', async () => {
    const { port } = await startServer({ proxyProtocol: trusting, admission: { maxConnections: 1 } });
    await once(dial(port), 'connect');
    expect(await heard(dial(port))).toMatch(/^Too many connections/);
  });
});
