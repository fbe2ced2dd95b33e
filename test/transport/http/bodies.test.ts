/** What a pair of bodies does beyond the contract: answers, pipelining, idleness, requests that were made to deceive. */
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { acceptBodies, connectBodies, listenBodies, type ListenBodiesOptions } from '../../../transport/http/bodies.ts';
import type { IProtocol } from '../../../transport/contracts.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { answerTo, rawPeer, readUntil } from './raw.ts';

async function listenFor(protocol: IProtocol | undefined, options: Partial<ListenBodiesOptions> = {}) {
  const listener = await listenBodies({ host: '127.0.0.1', port: 0, ...options }, () => protocol);
  closeAfterTest(() => listener.close());
  const { port } = listener.address;
  return { port, url: `http://127.0.0.1:${port}/` };
}

const head = (...lines: string[]): string => ['POST / HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
const chunked = 'Transfer-Encoding: chunked';

test('the answer begins before the body, and its chunks come as they are written', async () => {
  const near = new Recorder({ dataReceived: data => near.transport.write(data) });
  const { port } = await listenFor(near);
  const socket = await rawPeer(port);
  socket.write(head(chunked));
  expect(await readUntil(socket, '\r\n\r\n')).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*transfer-encoding: chunked/i);
  for (const part of ['one', 'two']) {
    socket.write(`3\r\n${part}\r\n`);
    expect(await readUntil(socket, part)).toBe(`3\r\n${part}\r\n`);
  }
  socket.write('0\r\n\r\n');
  expect(await readUntil(socket, '0\r\n\r\n')).toBe('0\r\n\r\n');
  expect(await near.ended()).toEqual({ kind: 'done' });
});

// what is wrong, the request, the status
test.each([
  ['GET', head().replace('POST', 'GET'), 405],
  ['HTTP/1.0', head().replace('HTTP/1.1', 'HTTP/1.0'), 505],
  ['another path', head(chunked).replace('POST /', 'POST /elsewhere'), 404],
  ['a page of another site', head(chunked, 'Origin: https://evil.example'), 403],
  ['both lengths', `${head(chunked, 'Content-Length: 5')}0\r\n\r\n`, 400],
  ['both lengths, the other way round', `${head('Content-Length: 5', chunked)}0\r\n\r\n`, 400],
  ['two lengths', `${head('Content-Length: 5', 'Content-Length: 6')}bytes`, 400],
  ['a length with a sign', `${head('Content-Length: +5')}bytes`, 400],
  ['a coding behind chunked', `${head('Transfer-Encoding: chunked, identity')}0\r\n\r\n`, 400],
  ['a coding that is nearly chunked', `${head('Transfer-Encoding: xchunked')}0\r\n\r\n`, 501],
  ['no Host', 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n', 400],
  ['a blank before a colon', `${head('Transfer-Encoding : chunked')}0\r\n\r\n`, 400],
  ['headers that are too long', head(`Name: ${'x'.repeat(17_000)}`), 431],
])('%s is answered, and no protocol is built', async (_what, request, status) => {
  const near = new Recorder();
  const { port } = await listenFor(near);
  expect(await answerTo(port, request)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(near.calls).toEqual([]);
});

test.each([
  ['a chunk whose length is no number', 'x\r\n'],
  ['a chunk that is longer than it said', '3\r\nlonger\r\n'],
  ['a chunk whose length has no end', 'f'.repeat(20)],
  ['a chunk with an extension that has no end', `1;${'x'.repeat(20_000)}`],
])('%s ends that pair only', async (_what, body) => {
  const near = new Recorder();
  const { port } = await listenFor(near);
  const socket = await rawPeer(port);
  socket.write(head(chunked) + body);
  expect((await near.ended()).kind).toBe('lost');
});

test('a body that is cut off is lost, not ended', async () => {
  const near = new HalfCloseableRecorder();
  const { port } = await listenFor(near);
  const socket = await rawPeer(port);
  socket.write(`${head('Content-Length: 100')}half`);
  await near.until(() => near.text === 'half');
  socket.destroy();
  expect((await near.ended()).kind).toBe('lost');
  expect(near.readLost).toBe(0);
});

test('what is sent behind a running pair is not read beyond what one read brings, and refused when the pair has ended', async () => {
  const sockets: Socket[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  server.on('connection', socket => sockets.push(socket));
  const near = new HalfCloseableRecorder();
  let built = 0;
  server.on('request', (request, response) =>
    acceptBodies({ request, response }, {}, () => {
      built += 1;
      return near;
    }),
  );
  await once(server, 'listening');
  const peer = await rawPeer((server.address() as { port: number }).port);
  peer.write(head('Content-Length: 0'));
  await near.until(() => near.readLost === 1);
  const flood = Buffer.from(head('Content-Length: 0').repeat(20_000));
  for (let round = 0; round < 40; round += 1) peer.write(flood);
  await turns(200);
  expect(flood.length * 40).toBeGreaterThan(30_000_000);
  expect(sockets[0]!.bytesRead).toBeLessThan(200_000);
  near.transport.write(Buffer.from('still alive'));
  expect(await readUntil(peer, 'still alive')).toContain('HTTP/1.1 200 OK');
  near.transport.loseConnection();
  expect(await readUntil(peer, 'One request at a time')).toContain('HTTP/1.1 503 ');
  expect(built).toBe(1);
});

test('a second pair may follow on the same connection when the first has ended both ways', async () => {
  const { port } = await listenFor(undefined, {});
  const socket = await rawPeer(port);
  socket.write(head('Content-Length: 0'));
  await readUntil(socket, 'refused');
  const echo = await listenBodies({ host: '127.0.0.1', port: 0 }, () => {
    const near: Recorder = new Recorder({ dataReceived: data => near.transport.write(data) });
    return near;
  });
  closeAfterTest(() => echo.close());
  const peer = await rawPeer(echo.address.port);
  for (const text of ['one', 'two']) {
    peer.write(`${head('Content-Length: 3')}${text}`);
    expect(await readUntil(peer, '\r\n0\r\n\r\n')).toContain(`3\r\n${text}\r\n`);
  }
});

test('connecting fails with what was answered, and an answer of no HTTP', async () => {
  const { url } = await listenFor(undefined);
  await expect(connectBodies({ url })).rejects.toMatchObject({ code: 'HTTP_403' });
  await expect(connectBodies({ url: `${url}elsewhere` })).rejects.toMatchObject({ code: 'HTTP_404' });
  await expect(connectBodies({ url: 'ftp://x/' })).rejects.toMatchObject({ code: 'ERR_CONFIG' });
  await expect(connectBodies({ url, idleTimeout: -1 })).rejects.toMatchObject({ code: 'ERR_CONFIG' });
});

test('a pair on which nothing moves is closed in order by either end, and aborted where that has no end', async () => {
  const idle = { idleTimeout: 30, abortTimeout: 30 };
  const [quiet, far] = [new Recorder(), new Recorder()];
  await connectBodies({ url: (await listenFor(quiet, idle)).url }, far);
  expect([(await quiet.ended()).kind, (await far.ended()).kind]).toEqual(['done', 'done']);
  const [server, client] = [new Recorder(), new Recorder()];
  await connectBodies({ url: (await listenFor(server)).url, ...idle }, client);
  expect([(await client.ended()).kind, (await server.ended()).kind]).toEqual(['done', 'done']);
  const stuck = new Recorder({ makeConnection: transport => transport.write(Buffer.alloc(12_000_000)) });
  const deaf = await connectBodies({ url: (await listenFor(stuck, idle)).url });
  expect((await stuck.ended()).kind).toBe('aborted');
  deaf.abortConnection();
});
