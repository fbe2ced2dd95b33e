/** What streams of HTTP/2 do beyond the contract: bounds, fairness, endings by code, sessions that die, floods. */
import { connect as connectHttp2Raw, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { expect, test } from '@jest/globals';
import { connectHttp2, type ConnectHttp2Options } from '../../../transport/http/http2-client.ts';
import {
  acceptHttp2,
  listenHttp2,
  type BuildStreamProtocol,
  type ListenHttp2Options,
} from '../../../transport/http/http2-server.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { closed, rawPeer } from './raw.ts';

const echo = (): Recorder => {
  const recorder: Recorder = new Recorder({ dataReceived: data => recorder.transport.write(data) });
  return recorder;
};

async function listenFor(build: BuildStreamProtocol, options: Partial<ListenHttp2Options> = {}) {
  const listener = await listenHttp2({ host: '127.0.0.1', port: 0, ...options }, build);
  closeAfterTest(() => listener.close());
  const { port } = listener.address;
  return { port, url: `http://127.0.0.1:${port}/` };
}

async function clientFor(url: string, options: Partial<ConnectHttp2Options> = {}) {
  const client = await connectHttp2({ url, ...options });
  closeAfterTest(() => client.abort());
  return client;
}

/** A client of Node's own. */
async function stranger(url: string): Promise<ClientHttp2Session> {
  const session = connectHttp2Raw(url);
  session.on('error', () => undefined);
  closeAfterTest(() => session.destroy());
  await once(session, 'remoteSettings');
  return session;
}

const post = (session: ClientHttp2Session, more = {}): ClientHttp2Stream => {
  const stream = session.request({ ':method': 'POST', ':path': '/', ...more }, { endStream: false });
  stream.on('error', () => undefined);
  return stream;
};

const statusOf = async (stream: ClientHttp2Stream): Promise<number> => {
  const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
  return headers[':status'];
};

test('many connections share one session, and a stalled one holds up no other', async () => {
  const stalled = new Recorder({ makeConnection: transport => transport.pauseProducing() });
  const servers: Recorder[] = [];
  const { url } = await listenFor(() => {
    const recorder = servers.length < 20 ? new Recorder({ makeConnection: t => t.pauseProducing() }) : echo();
    servers.push(servers.length === 0 ? stalled : recorder);
    return servers.at(-1);
  });
  const client = await clientFor(url);
  for (let index = 0; index < 20; index += 1) {
    const writer = new Recorder();
    await client.open({}, writer);
    writer.transport.write(Buffer.alloc(1_000_000));
  }
  const far = new Recorder();
  await client.open({}, far);
  far.transport.write(Buffer.from('alive'));
  await far.until(() => far.text === 'alive');
  expect(servers).toHaveLength(21);
  expect(new Set(servers.map(({ transport }) => JSON.stringify(transport.getPeer()))).size).toBe(1);
  stalled.transport.resumeProducing();
  await stalled.until(() => stalled.received === 1_000_000);
});

test('streams that send as much as they can take turns', async () => {
  const servers: Recorder[] = [];
  const { url } = await listenFor(() => {
    servers.push(new Recorder());
    return servers.at(-1);
  });
  const client = await clientFor(url);
  const writers = await Promise.all([0, 1, 2, 3].map(() => client.open()));
  for (const writer of writers) writer.write(Buffer.alloc(4_000_000));
  const first = await Promise.race(
    servers.map(async server => {
      await server.until(() => server.received === 4_000_000);
      return servers.map(({ received }) => received);
    }),
  );
  expect(Math.min(...first)).toBeGreaterThan(2_000_000);
});

test('a stalled reader is sent no more than its window, whatever the peer would like to send', async () => {
  const near = new Recorder({ makeConnection: transport => transport.pauseProducing() });
  const { url } = await listenFor(() => near, { window: 100_000 });
  const session = await stranger(url);
  const stream = post(session);
  await once(stream, 'response');
  let taken = 0;
  const more = (): void =>
    void stream.write(Buffer.alloc(1_000), error => {
      if (error) return;
      taken += 1_000;
      more();
    });
  more();
  const probe = post(session, { ':path': '/elsewhere' });
  expect(await statusOf(probe)).toBe(404);
  while (taken < 99_000) await turns(1); // the test's timeout bounds it
  await turns(100);
  expect(taken).toBeLessThanOrEqual(100_000);
  near.transport.resumeProducing();
  await near.until(() => near.received > 300_000);
});

test("an abort is RST_STREAM with CANCEL, and the peer's reset is lost with its code, even one without an error", async () => {
  const recorders: HalfCloseableRecorder[] = [];
  const { url } = await listenFor(() => {
    recorders.push(new HalfCloseableRecorder());
    return recorders.at(-1);
  });
  const session = await stranger(url);
  const stream = post(session);
  await once(stream, 'response');
  recorders[0]!.transport.abortConnection();
  await once(stream, 'close');
  expect([stream.rstCode, stream.readableEnded && stream.writableFinished]).toEqual([constants.NGHTTP2_CANCEL, false]);
  for (const [code, name] of [
    [constants.NGHTTP2_CANCEL, 'HTTP2_CANCEL'],
    [constants.NGHTTP2_NO_ERROR, undefined],
    [constants.NGHTTP2_ENHANCE_YOUR_CALM, 'ERR_HTTP2_STREAM_ERROR'],
  ] as const) {
    const other = post(session);
    await once(other, 'response');
    reset(other, code);
    const near = recorders.at(-1)!;
    expect(await near.ended()).toMatchObject({ kind: 'lost', error: name === undefined ? {} : { code: name } });
    expect([near.readLost, near.writeLost]).toEqual([0, 0]);
  }
});

/** RST_STREAM alone: Node's `close` would send END_STREAM first. */
function reset(stream: ClientHttp2Stream, code: number): void {
  const handle = Object.getOwnPropertySymbols(stream).find(({ description }) => description === 'kHandle')!;
  const { rstStream } = (stream as unknown as Record<symbol, { rstStream: (code: number) => void }>)[handle]!;
  rstStream.call((stream as unknown as Record<symbol, unknown>)[handle], code);
}

test('the death of a session ends each of its streams once, with the reason', async () => {
  const sockets: Socket[] = [];
  const servers: HalfCloseableRecorder[] = [];
  const server = createServer(socket => {
    sockets.push(socket);
    acceptHttp2(socket, {}, () => {
      servers.push(new HalfCloseableRecorder());
      return servers.at(-1);
    });
  }).listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  await once(server, 'listening');
  const client = await clientFor(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
  const fars = [0, 1, 2].map(() => new HalfCloseableRecorder());
  for (const far of fars) await client.open({}, far);
  sockets[0]!.resetAndDestroy();
  for (const one of [...fars, ...servers]) expect((await one.ended()).kind).toBe('lost');
  await turns(10);
  for (const one of [...fars, ...servers]) expect([one.lost, one.readLost, one.writeLost]).toEqual([1, 0, 0]);
  expect(fars[0]!.reason).toMatchObject({ error: { code: 'ECONNRESET' } });
  await expect(client.open()).rejects.toThrow('connect again');
});

test('a session that is closed lets its streams end, and takes no more', async () => {
  const { url } = await listenFor(echo);
  const client = await clientFor(url);
  const far = new Recorder();
  await client.open({}, far);
  const closed = client.close();
  await expect(client.open()).rejects.toThrow('connect again');
  far.transport.write(Buffer.from('still open'));
  await far.until(() => far.text === 'still open');
  far.transport.loseConnection();
  expect(await far.ended()).toEqual({ kind: 'done' });
  await closed;
});

// what is wrong, the request, the status
test.each([
  ['GET', { ':method': 'GET' }, 405],
  ['another path', { ':path': '/elsewhere' }, 404],
  ['a page of another site', { origin: 'https://evil.example' }, 403],
  [
    'an extended CONNECT for an unknown protocol',
    { ':method': 'CONNECT', ':protocol': 'other', ':scheme': 'http' },
    501,
  ],
] as const)('%s is answered, and no protocol is built', async (_what, headers, status) => {
  const near = new Recorder();
  const { url } = await listenFor(() => near, { protocols: ['nacre'] });
  expect(await statusOf(post(await stranger(url), headers))).toBe(status);
  expect(near.calls).toEqual([]);
});

test('an extended CONNECT is offered only where a protocol is named, and carries it', async () => {
  const requests: unknown[] = [];
  const { url } = await listenFor(
    (_peer, headers) => {
      requests.push(headers[':protocol']);
      return echo();
    },
    { protocols: ['nacre', 'other/2'] },
  );
  const far = new Recorder();
  await (await clientFor(url)).open({ protocol: 'other/2', headers: { authorization: 'x' } }, far);
  far.transport.write(Buffer.from('bytes'));
  await far.until(() => far.text === 'bytes');
  expect(requests).toEqual(['other/2']);
  const plain = await clientFor((await listenFor(echo)).url);
  await expect(plain.open({ protocol: 'nacre' })).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED' });
});

test('opening fails with the answer, and connecting with the reason', async () => {
  const client = await clientFor((await listenFor(() => undefined)).url);
  await expect(client.open()).rejects.toMatchObject({ code: 'HTTP_403' });
  await expect(client.open({ path: '/elsewhere' })).rejects.toMatchObject({ code: 'HTTP_404' });
  await expect(connectHttp2({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(connectHttp2({ url: 'http://127.0.0.1:1/', window: 1 })).rejects.toMatchObject({ code: 'ERR_CONFIG' });
  const why = new Error('changed my mind');
  await expect(connectHttp2({ url: 'http://127.0.0.1:1/', signal: AbortSignal.abort(why) })).rejects.toBe(why);
});

test('TLS sockets that have agreed on h2 are handed over at both ends', async () => {
  const psk = Buffer.from('shared between the two ends of this test');
  const tls = { ciphers: 'PSK', maxVersion: 'TLSv1.2', ALPNProtocols: ['h2'] } as const; // a key, so no certificate
  const server = createTlsServer({ ...tls, pskCallback: () => psk, pskIdentityHint: '' }, socket =>
    acceptHttp2(socket, {}, echo),
  ).listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const pskCallback = () => ({ psk, identity: 'test' });
  const socket = connectTls({ ...tls, port, host: '127.0.0.1', pskCallback, checkServerIdentity: () => undefined });
  await once(socket, 'secureConnect');
  const client = await clientFor('https://shell.example/', { socket });
  const far = new Recorder();
  await client.open({}, far);
  far.transport.write(Buffer.from('secret'));
  await far.until(() => far.text === 'secret');
  expect(far.transport.getPeer()).toEqual({ kind: 'tcp', host: '127.0.0.1', port });
});

test('a socket that was accepted paused is served', async () => {
  const server = createServer({ pauseOnConnect: true }, socket => acceptHttp2(socket, {}, echo)).listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const far = new Recorder();
  await (await clientFor(`http://127.0.0.1:${port}/`)).open({}, far);
  far.transport.write(Buffer.from('hello'));
  await far.until(() => far.text === 'hello');
});

test('a socket that has agreed on another protocol than h2 is refused', async () => {
  const socket = Object.assign(connect(1, '127.0.0.1'), { alpnProtocol: 'http/1.1' });
  socket.on('error', () => undefined);
  expect(() => acceptHttp2(socket, {}, () => undefined)).toThrow('agreed on "http/1.1", not on h2');
});

test('a stream above the number that the server allows waits for another to end', async () => {
  const { url } = await listenFor(() => new Recorder(), { maxConcurrentStreams: 1 });
  const client = await clientFor(url);
  const first = await client.open();
  await expect(client.open({ connectTimeout: 20 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const second = client.open();
  first.abortConnection();
  await second;
});

test('headers that are too long are refused, and the limit is announced', async () => {
  const near = new Recorder();
  const session = await stranger((await listenFor(() => near)).url);
  expect(session.remoteSettings).toMatchObject({ maxConcurrentStreams: 100, maxHeaderListSize: 16_384 });
  const long = post(session, { name: 'x'.repeat(20_000) });
  await new Promise(resolve => long.on('close', resolve));
  expect(long.rstCode).not.toBe(constants.NGHTTP2_NO_ERROR);
  expect(near.calls).toEqual([]);
});

test('a session without streams is closed after a while', async () => {
  const session = connectHttp2Raw((await listenFor(() => undefined, { headersTimeout: 30 })).url);
  session.on('error', () => undefined);
  await closed(session);
});

test('a stream on which nothing moves is closed in order', async () => {
  const near = new Recorder();
  const far = new Recorder();
  await (await clientFor((await listenFor(() => near, { idleTimeout: 30 })).url)).open({}, far);
  expect([(await near.ended()).kind, (await far.ended()).kind]).toEqual(['done', 'done']);
});

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** RFC 9113 §4.1. */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const settings = frame(4, 0, 0);
/** HPACK, RFC 7541: POST, http, path /, all indexed; `:authority` as a literal. */
const headers = (stream: number): Buffer => frame(1, 4, stream, Buffer.from([0x83, 0x86, 0x84, 0x41, 1, 0x78]));
const resetOf = (stream: number): Buffer => frame(3, 0, stream, Buffer.from([0, 0, 0, 8]));

/** What Node answers with GOAWAY, leaving the socket open: it ends because it has no stream. */
const goneAway = { headersTimeout: 30 };

const hostile: Array<[what: string, frames: () => Buffer, options?: Partial<ListenHttp2Options>]> = [
  ['no HTTP/2', () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
  ['a frame that is too long', () => frame(0, 0, 1, Buffer.alloc(17_000)), goneAway],
  ['data on no stream', () => frame(0, 0, 0, Buffer.alloc(1)), goneAway],
  ['a settings frame of a wrong length', () => frame(4, 0, 0, Buffer.alloc(5)), goneAway],
  ['a window that overflows', () => frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))],
  ['settings again and again', () => Buffer.concat(Array.from({ length: 200 }, () => settings))],
  [
    'streams that it resets as soon as they are open',
    () =>
      Buffer.concat(
        Array.from({ length: 3_000 }, (_, index) => Buffer.concat([headers(2 * index + 1), resetOf(2 * index + 1)])),
      ),
  ],
  [
    'headers without an end',
    () =>
      Buffer.concat([
        frame(1, 0, 1, Buffer.from([0x83])),
        ...Array.from({ length: 3_000 }, () => frame(9, 0, 1, Buffer.alloc(100, 0x84))),
      ]),
  ],
];

/** `options` are those of every session but the first, which has time to open its stream. Answers the port. */
async function listenForHostile(options: Partial<ListenHttp2Options>): Promise<number> {
  let sessions = 0;
  const server = createServer(socket => acceptHttp2(socket, (sessions += 1) === 1 ? {} : options, echo));
  server.listen(0, '127.0.0.1');
  closeAfterTest(() => void server.close());
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

test.each(hostile)('a peer that sends %s loses its own session, and no other', async (what, frames, options = {}) => {
  const port = await listenForHostile(options);
  const far = new Recorder();
  await (await clientFor(`http://127.0.0.1:${port}/`)).open({}, far);
  const peer = await rawPeer(port);
  peer.resume().on('end', () => peer.destroy());
  const begin = what === 'no HTTP/2' ? Buffer.alloc(0) : Buffer.concat([preface, settings]);
  peer.write(Buffer.concat([begin, frames()]));
  await closed(peer);
  far.transport.write(Buffer.from('unharmed'));
  await far.until(() => far.text === 'unharmed');
});

test('a peer that ends its side has gone: its streams end at once, and so does its socket', async () => {
  const near = new Recorder();
  const { port } = await listenFor(() => near);
  const peer = await rawPeer(port);
  peer.resume().end(Buffer.concat([preface, settings, headers(1)]));
  await closed(peer);
  expect((await near.ended()).kind).toBe('lost');
});
