/** Transfers over HTTP, with nacre and with Node alone: a stream of HTTP/2, and the body of a request. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { connectBodies, connectHttp2, listenBodies, listenHttp2 } from 'nacre/transport';
import { drain, fill, Sink, Source } from './ends.ts';

const host = '127.0.0.1';
const url = (port: number): string => `http://${host}:${port}/`;

export async function overHttp2(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await using listener = await listenHttp2({ host, port: 0 }, () => sink);
  await using client = await connectHttp2({ url: url(listener.address.port) });
  await client.open({}, source);
  await Promise.all([source.ended, sink.ended]);
}

/** With the protocol's own window of 64 KiB, as ours. */
export async function overBareHttp2(bytes: number): Promise<void> {
  const server = createHttp2Server();
  server.on('stream', stream => {
    stream.respond({ ':status': 200 });
    void drain(stream, bytes).then(() => stream.end());
  });
  const session = connect(url(await portOf(server)));
  const stream = session.request({ ':method': 'POST' });
  await Promise.all([fill(stream, bytes), once(stream.resume(), 'close')]);
  session.close();
  server.close();
}

export async function overBodies(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await using listener = await listenBodies({ host, port: 0 }, () => sink);
  await connectBodies({ url: url(listener.address.port) }, source);
  await Promise.all([source.ended, sink.ended]);
}

export async function overBareBodies(bytes: number): Promise<void> {
  const server = createServer((incoming, answer) => {
    answer.flushHeaders();
    void drain(incoming, bytes).then(() => answer.end());
  });
  const outgoing = request(url(await portOf(server)), { method: 'POST', agent: false });
  outgoing.on('response', answer => answer.resume());
  await Promise.all([fill(outgoing, bytes), once(outgoing, 'close')]);
  server.close();
}

async function portOf(server: Pick<Server, 'listen' | 'address' | 'once'>): Promise<number> {
  server.listen(0, host);
  await new Promise<void>(resolve => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}
