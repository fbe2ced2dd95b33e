/** What an upgraded connection does beyond the contract: answers, early bytes, requests that were made to deceive. */
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { ConfigError } from '../../../transport/errors.ts';
import {
  acceptUpgrade,
  connectUpgrade,
  listenUpgrade,
  type ListenUpgradeOptions,
} from '../../../transport/http/upgrade.ts';
import type { IProtocol } from '../../../transport/contracts.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';
import { answerTo, rawPeer, readUntil } from './raw.ts';

const token = 'nacre/1';

async function listenFor(protocol: IProtocol | undefined, options: Partial<ListenUpgradeOptions> = {}) {
  const listener = await listenUpgrade({ host: '127.0.0.1', port: 0, token, ...options }, () => protocol);
  closeAfterTest(() => listener.close());
  const { port } = listener.address;
  return { port, url: `http://127.0.0.1:${port}/` };
}

/** A server of somebody else's that answers the first bytes with `answer`. */
async function stranger(answer: string): Promise<string> {
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer));
  }).listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

const head = (...lines: string[]): string => ['GET / HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
const asked = ['Connection: Upgrade', `Upgrade: ${token}`];

test('bytes sent right behind the request are not lost', async () => {
  const near = new Recorder();
  const { port } = await listenFor(near);
  const socket = await rawPeer(port);
  socket.write(`${head(...asked)}early bytes`);
  expect(await readUntil(socket, '\r\n\r\n')).toBe(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nacre/1\r\n\r\n',
  );
  await near.until(() => near.text === 'early bytes');
  const { localPort } = socket;
  expect(near.transport.getPeer()).toEqual({ kind: 'tcp', host: '127.0.0.1', port: localPort });
  expect(near.transport.getHost()).toEqual({ kind: 'tcp', host: '127.0.0.1', port });
});

test('bytes sent right behind the answer are not lost', async () => {
  const url = await stranger(`HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: NACRE/1\r\n\r\nearly bytes`);
  const near = new Recorder();
  await connectUpgrade({ url, token }, near);
  await near.until(() => near.text === 'early bytes');
  near.transport.abortConnection();
});

test('the token is found among others, in any letter case, and the first line may ask by the absolute form', async () => {
  const near = new Recorder();
  const { port } = await listenFor(near, { path: '/shell' });
  const socket = await rawPeer(port);
  socket.write(
    `GET http://x/shell?q HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, upgrade\r\nUpgrade: other, Nacre/1\r\n\r\n`,
  );
  expect(await readUntil(socket, '\r\n\r\n')).toContain('101');
});

// what is wrong, the request, the status
const refused: Array<[what: string, request: string, status: number]> = [
  ['no upgrade at all', head(), 426],
  ['an upgrade without Connection', head(`Upgrade: ${token}`), 426],
  ['another token', head('Connection: Upgrade', 'Upgrade: smtp'), 426],
  ['another version of the token', head('Connection: Upgrade', 'Upgrade: nacre/2'), 426],
  ['a token with an escape in it', head('Connection: Upgrade', 'Upgrade: nacre/1\u001b[2J'), 400],
  ['HTTP/1.0, which has no upgrade', head(...asked).replace('HTTP/1.1', 'HTTP/1.0'), 426],
  ['another path', head(...asked).replace('GET /', 'GET /elsewhere'), 404],
  ['a page of another site', head(...asked, 'Origin: https://evil.example'), 403],
  ['a body by its length', head(...asked, 'Content-Length: 5') + 'bytes', 400],
  ['a body in chunks', head(...asked, 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  ['both lengths', head(...asked, 'Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  ['two lengths', head(...asked, 'Content-Length: 5', 'Content-Length: 6') + 'bytes', 400],
  ['a length that is no number', head(...asked, 'Content-Length: +5') + 'bytes', 400],
  ['no Host', head(...asked).replace('Host: x\r\n', ''), 400],
  ['a blank before a colon', head(...asked, 'Name : value'), 400],
  ['a folded header', head(...asked, 'Name: value', ' more'), 400],
  ['a bare LF behind a header', head(...asked, 'Name: value\nMore: value'), 400],
  ['headers that are too long', head(...asked, `Name: ${'x'.repeat(17_000)}`), 431],
];

test.each(refused)('%s is answered, and no protocol is built', async (_what, request, status) => {
  const near = new Recorder();
  const { port } = await listenFor(near);
  expect(await answerTo(port, request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(near.calls).toEqual([]);
});

test('who is refused is told the token, and to whom no protocol is given learns that, too', async () => {
  const { port } = await listenFor(undefined);
  expect(await answerTo(port, head())).toMatch(/\r\nupgrade: nacre\/1\r\n[^]*ask for it by an Upgrade header\.\n$/i);
  expect(await answerTo(port, head(...asked))).toMatch(/^HTTP\/1.1 403 [^]*This connection was refused\.\n$/);
});

test('a protocol that cannot be built is answered with 500 and told to onError; listening goes on', async () => {
  const errors: Error[] = [];
  const near = new Recorder();
  let first = true;
  const options = { host: '127.0.0.1', port: 0, token, onError: (error: Error) => void errors.push(error) };
  await using listener = await listenUpgrade(options, () => {
    if (!first) return near;
    first = false;
    throw new Error('mine');
  });
  const url = `http://127.0.0.1:${listener.address.port}/`;
  await expect(connectUpgrade({ url, token })).rejects.toMatchObject({ code: 'HTTP_500' });
  const connection = await connectUpgrade({ url, token });
  expect(errors.map(({ message }) => message)).toEqual(['mine']);
  connection.abortConnection();
});

test('connecting fails with what was answered and what to do next', async () => {
  const { url } = await listenFor(new Recorder());
  await expect(connectUpgrade({ url, token: 'nacre/2' })).rejects.toMatchObject({
    code: 'HTTP_426',
    message:
      'an upgrade to nacre/2 was answered with 426 Upgrade Required, it offers "nacre/1": ask for a protocol that it offers',
  });
  await expect(connectUpgrade({ url: `${url}elsewhere`, token })).rejects.toMatchObject({ code: 'HTTP_404' });
  await expect(connectUpgrade({ url: 'http://127.0.0.1:1/', token })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test.each([
  [
    'another protocol than was asked for',
    'HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: smtp\r\n\r\n',
    'RFC 9110',
  ],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'Parse Error'],
  ['a head that is too long', `HTTP/1.1 101 Go\r\nName: ${'x'.repeat(17_000)}\r\n\r\n`, 'overflow'],
])('an answer of %s fails the attempt', async (_what, answer, message) => {
  await expect(connectUpgrade({ url: await stranger(answer), token })).rejects.toThrow(message);
});

test('an attempt ends by its signal and by its time', async () => {
  const url = await stranger('');
  const why = new Error('changed my mind');
  await expect(connectUpgrade({ url, token, signal: AbortSignal.abort(why) })).rejects.toBe(why);
  await expect(connectUpgrade({ url, token, connectTimeout: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test.each([
  ['no token', 'two words', 'must be a protocol name'],
  ['a token that would end the header', 'x\r\nEvil: 1', 'must be a protocol name'],
  ['websocket', 'WebSocket', 'use listenWebSocket or connectWebSocket'],
  ['h2c', 'h2c', 'use listenHttp2 or connectHttp2'],
])('%s is a ConfigError at both ends', async (_what, wrong, message) => {
  await expect(connectUpgrade({ url: 'http://127.0.0.1:1/', token: wrong })).rejects.toThrow(message);
  await expect(async () =>
    listenUpgrade({ host: '127.0.0.1', port: 0, token: wrong }, () => undefined),
  ).rejects.toThrow(ConfigError);
});

test("a server of the caller's own hands its 'upgrade' events over", async () => {
  const near = new Recorder({ dataReceived: data => near.transport.write(data) });
  const server = createHttpServer((_request, response) => response.end('a page')).listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  server.on('upgrade', (request, socket, early) =>
    acceptUpgrade({ request, socket, head: early }, { token }, () => near),
  );
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
  const far = new Recorder();
  await connectUpgrade({ url, token }, far);
  far.transport.write(Buffer.from('echo'));
  await far.until(() => far.text === 'echo');
  expect(await (await fetch(url)).text()).toBe('a page');
  far.transport.loseConnection();
  await near.ended();
});

test('a connection on which nothing moves is closed in order, and aborted where the peer does not take what is queued', async () => {
  const idle = { idleTimeout: 30, abortTimeout: 30 };
  const quiet = new Recorder();
  const far = new Recorder();
  await connectUpgrade({ url: (await listenFor(quiet, idle)).url, token }, far);
  expect([(await quiet.ended()).kind, (await far.ended()).kind]).toEqual(['done', 'done']);
  const stuck = new Recorder({ makeConnection: transport => transport.write(Buffer.alloc(12_000_000)) });
  const deaf = await connectUpgrade({ url: (await listenFor(stuck, idle)).url, token });
  expect((await stuck.ended()).kind).toBe('aborted');
  deaf.abortConnection();
});
