/** What is measured: each transport, and how a Node program would do the same without nacre. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { PassThrough, pipeline } from 'node:stream';
import { connectTcp, connectUnix, listenTcp, listenUnix, loopback, relay, spawnPipes, telnet } from 'nacre/transport';
import { drain, fill, Sink, Source } from './ends.ts';
import { overBareBodies, overBareHttp2, overBodies, overHttp2 } from './http.ts';
import { overBareMessagePort, overBareWebSocket, overMessagePort, overWebSocket } from './messages.ts';
import type { Transfer } from './measure.ts';

export interface Subject {
  readonly name: string;
  readonly ours: Transfer;
  readonly bare: Transfer;
}

const here = '127.0.0.1';

export const subjects: readonly Subject[] = [
  { name: 'loopback / PassThrough', ours: overLoopback, bare: overPassThrough },
  { name: 'TCP / net.Socket', ours: overTcp, bare: overSockets },
  { name: 'Unix socket / net.Socket', ours: overUnix, bare: overUnixSockets },
  { name: 'relay of TCP / pipeline of sockets', ours: overRelay, bare: overPipeline },
  { name: 'cat on pipes / child_process', ours: throughCat, bare: throughBareCat },
  { name: 'HTTP/2 stream / node:http2', ours: overHttp2, bare: overBareHttp2 },
  { name: 'HTTP/1.1 bodies / node:http', ours: overBodies, bare: overBareBodies },
  { name: 'telnet on TCP / net.Socket', ours: overTelnet, bare: overSockets },
  { name: 'WebSocket / ws', ours: overWebSocket(false), bare: overBareWebSocket },
  { name: 'WebSocket with credits / ws', ours: overWebSocket(true), bare: overBareWebSocket },
  { name: 'message port / MessagePort', ours: overMessagePort, bare: overBareMessagePort },
];

async function overLoopback(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  loopback(source, sink);
  await Promise.all([source.ended, sink.ended]);
}

async function overPassThrough(bytes: number): Promise<void> {
  const stream = new PassThrough();
  await Promise.all([drain(stream, bytes), fill(stream, bytes)]);
}

async function overTcp(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await using listener = await listenTcp({ host: here, port: 0 }, () => sink);
  await connectTcp({ host: here, port: listener.address.port }, source);
  await Promise.all([source.ended, sink.ended]);
}

async function overTelnet(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await using listener = await listenTcp({ host: here, port: 0 }, () => telnet(sink));
  await connectTcp({ host: here, port: listener.address.port }, telnet(source));
  await Promise.all([source.ended, sink.ended]);
}

async function overSockets(bytes: number): Promise<void> {
  await using listener = await listen(socket => void drain(socket, bytes).then(() => socket.end()));
  const socket = connect({ host: here, port: listener.port, noDelay: true });
  await Promise.all([fill(socket, bytes), once(socket.resume(), 'close')]);
}

/** An abstract name, which no file has to be removed for. */
const nextName = (): string => `\0nacre-bench-${randomUUID()}`;

async function overUnix(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await using listener = await listenUnix({ path: nextName() }, () => sink);
  await connectUnix({ path: listener.address.path }, source);
  await Promise.all([source.ended, sink.ended]);
}

async function overUnixSockets(bytes: number): Promise<void> {
  const path = nextName();
  await using _ = await listen(socket => void drain(socket, bytes).then(() => socket.end()), { path });
  const socket = connect({ path });
  await Promise.all([fill(socket, bytes), once(socket.resume(), 'close')]);
}

/** Source → TCP → relay → TCP → sink. */
async function overRelay(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await using target = await listenTcp({ host: here, port: 0 }, () => sink);
  await using door = await listenTcp({ host: here, port: 0 }, () => {
    const [incoming, outgoing] = relay();
    void connectTcp({ host: here, port: target.address.port }, outgoing);
    return incoming;
  });
  await connectTcp({ host: here, port: door.address.port }, source);
  await Promise.all([source.ended, sink.ended]);
}

async function overPipeline(bytes: number): Promise<void> {
  await using target = await listen(socket => void drain(socket, bytes).then(() => socket.end()));
  await using door = await listen(socket => {
    const onward = connect({ host: here, port: target.port, noDelay: true });
    pipeline(socket, onward, socket, () => undefined);
  });
  const socket = connect({ host: here, port: door.port, noDelay: true });
  await Promise.all([fill(socket, bytes), once(socket.resume(), 'close')]);
}

const cat = { file: '/bin/cat', args: [], environment: {}, cwd: '/' };

async function throughCat(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  await new Promise<void>(resolve => {
    spawnPipes(cat, {
      makeConnection: program => source.makeConnection(program),
      outReceived: data => sink.dataReceived(data),
      errReceived: () => undefined,
      processExited: () => undefined,
      processEnded: () => resolve(),
      processLost: () => undefined,
    });
  });
  sink.connectionLost();
}

async function throughBareCat(bytes: number): Promise<void> {
  const { stdin, stdout } = spawn(cat.file, cat.args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.all([fill(stdin, bytes), drain(stdout, bytes)]);
}

interface BareListener extends AsyncDisposable {
  readonly port: number;
}

async function listen(
  accept: (socket: Socket) => void,
  where: { readonly path: string } | { readonly host: string; readonly port: number } = { host: here, port: 0 },
): Promise<BareListener> {
  const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, accept);
  await once(server.listen(where), 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => Promise.resolve(void server.close()) };
}
