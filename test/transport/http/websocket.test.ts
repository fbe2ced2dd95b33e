/** What a WebSocket does beyond the contract: close codes, bounds, origins, peers that are not ours. */
import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { connectWebSocket, listenWebSocket, type ListenWebSocketOptions } from '../../../transport/http/websocket.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';

async function listenFor(protocol: Recorder | undefined, options: Partial<ListenWebSocketOptions> = {}) {
  const listener = await listenWebSocket({ host: '127.0.0.1', port: 0, ...options }, () => protocol);
  closeAfterTest(() => listener.close());
  return `ws://127.0.0.1:${listener.address.port}/`;
}

/** A socket of somebody else's code. */
async function stranger(url: string, options = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, [], options);
  closeAfterTest(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}

const codeOf = async (socket: WebSocket): Promise<number> => {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
};

test('a stranger sends and receives binary messages, and closes in order', async () => {
  const near: Recorder = new Recorder({ dataReceived: data => near.transport.write(new Uint8Array(data)) });
  const socket = await stranger(await listenFor(near));
  socket.send(Buffer.from('hello'));
  const [message, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
  expect([message.toString(), isBinary]).toEqual(['hello', true]);
  socket.close(1001);
  expect(await near.ended()).toEqual({ kind: 'done' });
  expect(near.transport.getPeer()).toMatchObject({ kind: 'tcp', host: '127.0.0.1' });
});

test('our close is 1000, our abort no close at all', async () => {
  for (const [end, code] of [
    ['loseConnection', 1000],
    ['abortConnection', 1006],
  ] as const) {
    const near = new Recorder({ makeConnection: transport => transport[end]() });
    const socket = new WebSocket(await listenFor(near));
    expect(await codeOf(socket)).toBe(code);
  }
});

test.each([
  ['text is refused with 1003', (socket: WebSocket) => socket.send('text'), 1003],
  ['a message that is too long, with 1009', (socket: WebSocket) => socket.send(Buffer.alloc(2_000)), 1009],
] as const)('%s, and our end is told', async (_what, send, code) => {
  const near = new Recorder();
  const socket = await stranger(await listenFor(near, { maxPayload: 1_000 }));
  send(socket);
  expect(await codeOf(socket)).toBe(code);
  expect((await near.ended()).kind).toBe('lost');
});

test('a close with an error code is lost, with the code and the text escaped', async () => {
  const near = new Recorder();
  const socket = await stranger(await listenFor(near));
  socket.close(1011, 'on \u001b[31mfire');
  expect(await near.ended()).toMatchObject({
    kind: 'lost',
    error: { code: 'WS_1011', message: 'the web socket was closed with code 1011: "on \\u001b[31mfire"' },
  });
});

test('a peer that does not answer a ping is lost', async () => {
  const near = new Recorder();
  await stranger(await listenFor(near, { pingInterval: 20 }), { autoPong: false });
  expect((await near.ended()).kind).toBe('lost');
});

test('a page of another site is turned away, unless it is let in; one of the same site may come', async () => {
  const url = await listenFor(new Recorder());
  await expect(stranger(url, { origin: 'https://evil.example' })).rejects.toThrow('401');
  await stranger(url, { origin: url.replace('ws', 'http') });
  const open = await listenFor(new Recorder(), { allowOrigin: origin => origin === 'https://friend.example' });
  await stranger(open, { origin: 'https://friend.example' });
});

test('a peer for whom no protocol is built is closed with 1008, and a throwing build is told and closed with 1011', async () => {
  expect(await codeOf(new WebSocket(await listenFor(undefined)))).toBe(1008);
  const errors: Error[] = [];
  const options = { host: '127.0.0.1', port: 0, onError: (error: Error) => void errors.push(error) };
  await using listener = await listenWebSocket(options, () => {
    throw new Error('mine');
  });
  expect(await codeOf(new WebSocket(`ws://127.0.0.1:${listener.address.port}/`))).toBe(1011);
  expect(errors.map(({ message }) => message)).toEqual(['mine']);
});

test('connecting fails with a reason: another path, nobody there, a signal', async () => {
  const url = await listenFor(new Recorder());
  await expect(connectWebSocket({ url: `${url}elsewhere` })).rejects.toThrow('400');
  await expect(connectWebSocket({ url: 'ws://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const why = new Error('changed my mind');
  await expect(connectWebSocket({ url, signal: AbortSignal.abort(why) })).rejects.toBe(why);
});

test('asking a stranger for credits fails, and is not pretended', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => false });
  closeAfterTest(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await expect(connectWebSocket({ url: `ws://127.0.0.1:${port}/`, credits: true })).rejects.toThrow('subprotocol');
});

test.each([
  ['no frame', Buffer.of(9)],
  ['an empty message', Buffer.alloc(0)],
  ['a grant of nothing', Buffer.of(1, 0, 0, 0, 0)],
  ['more than was granted', Buffer.alloc(300_000)],
])('a peer that speaks of credits and sends %s ends its own connection only', async (_what, message) => {
  const near = new Recorder();
  const url = await listenFor(near);
  const socket = new WebSocket(url, ['nacre.v1']);
  closeAfterTest(() => socket.terminate());
  await once(socket, 'open');
  socket.send(message);
  expect((await near.ended()).kind).toBe('protocol-error');
});

test('bytes that are no WebSocket after the handshake end that connection only', async () => {
  const near = new Recorder();
  const { port, host } = new URL(await listenFor(near));
  const raw = connect({ port: Number(port), host: '127.0.0.1' });
  raw.on('error', () => undefined);
  raw.write(
    `GET / HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(raw, 'data');
  raw.write(Buffer.alloc(100, 0xff));
  expect((await near.ended()).kind).toBe('lost');
});
