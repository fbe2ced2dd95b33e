/** What a tunnel through CONNECT does beyond the contract: targets, answers, early bytes, a proxy of somebody else's. */
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { acceptTunnel, connectTunnel, listenTunnel, type TunnelTarget } from '../../../transport/http/tunnel.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';
import { answerTo, rawPeer, readUntil } from './raw.ts';

async function listenFor(near: Recorder | undefined) {
  const targets: TunnelTarget[] = [];
  const listener = await listenTunnel({ host: '127.0.0.1', port: 0 }, target => {
    targets.push(target);
    return near;
  });
  closeAfterTest(() => listener.close());
  const { port } = listener.address;
  return { port, url: `http://127.0.0.1:${port}/`, targets };
}

const head = (target: string, ...lines: string[]): string =>
  [`CONNECT ${target} HTTP/1.1`, 'Host: x', ...lines, '', ''].join('\r\n');

test.each([
  ['shell.example:22', { host: 'shell.example', port: 22 }],
  ['Shell.Example:65535', { host: 'shell.example', port: 65_535 }],
  ['192.0.2.1:1', { host: '192.0.2.1', port: 1 }],
  ['[2001:db8::1]:22', { host: '2001:db8::1', port: 22 }],
])('the target %s is understood, and bytes sent right behind the request are not lost', async (text, target) => {
  const near = new Recorder();
  const { port, targets } = await listenFor(near);
  const socket = await rawPeer(port);
  socket.write(`${head(text)}early bytes`);
  expect(await readUntil(socket, '\r\n\r\n')).toBe('HTTP/1.1 200 Connection Established\r\n\r\n');
  await near.until(() => near.text === 'early bytes');
  expect(targets).toEqual([target]);
});

// what is wrong, the request, the status
test.each([
  ['no port', head('shell.example'), 400],
  ['port 0', head('shell.example:0'), 400],
  ['a port that is too large', head('shell.example:65536'), 400],
  ['a user', head('me@shell.example:22'), 400],
  ['a URL', head('http://shell.example:22/'), 400],
  ['a body', `${head('shell.example:22', 'Content-Length: 5')}bytes`, 400],
  ['both lengths', `${head('a:1', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
  ['no Host', 'CONNECT a:1 HTTP/1.1\r\n\r\n', 400],
  ['HTTP/1.0', head('a:1').replace('HTTP/1.1', 'HTTP/1.0'), 505],
  ['another method', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
])('%s is answered, and no protocol is built', async (_what, request, status) => {
  const near = new Recorder();
  const { port, targets } = await listenFor(near);
  expect(await answerTo(port, request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect([near.calls, targets]).toEqual([[], []]);
});

test('connecting fails with the answer of the proxy and what to do next, and for a target that is none', async () => {
  const { url } = await listenFor(undefined);
  await expect(connectTunnel({ url, target: 'a:1' })).rejects.toMatchObject({
    code: 'HTTP_403',
    message: 'a tunnel to a:1 was answered with 403 Forbidden: ask whoever runs the server to let you in',
  });
  await expect(connectTunnel({ url, target: 'a' })).rejects.toMatchObject({ code: 'ERR_CONFIG' });
});

test('any answer of 2xx opens the tunnel, whatever length it claims, and bytes behind it are not lost', async () => {
  const proxy = createTcpServer(socket => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write('HTTP/1.1 201 Yes\r\nContent-Length: 3\r\n\r\nearly bytes'));
  }).listen(0, '127.0.0.1');
  closeAfterTest(() => void proxy.close());
  await once(proxy, 'listening');
  const near = new Recorder();
  await connectTunnel({ url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`, target: 'a:1' }, near);
  await near.until(() => near.text === 'early bytes');
  near.transport.abortConnection();
});

test("a server of the caller's own hands its 'connect' events over", async () => {
  const near = new Recorder({ dataReceived: data => near.transport.write(data) });
  const server = createServer().listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  server.on('connect', (request, socket, early) => acceptTunnel({ request, socket, head: early }, {}, () => near));
  await once(server, 'listening');
  const far = new Recorder();
  await connectTunnel({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, target: 'a:1' }, far);
  far.transport.write(Buffer.from('echo'));
  await far.until(() => far.text === 'echo');
  far.transport.loseConnection();
  await near.ended();
});
