/** Every transport over the kernel's sockets, held to the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { test } from '@jest/globals';
import type { IProtocol, QueueLimits } from '../../transport/contracts.ts';
import { DirectWrites } from '../../transport/direct-writes.ts';
import { fromDuplex, StreamTransport } from '../../transport/stream.ts';
import { connectTcp, listenTcp } from '../../transport/sockets/tcp.ts';
import { proxyProtocol } from '../../transport/sockets/proxy-protocol.ts';
import { connectUnix, listenUnix } from '../../transport/sockets/unix.ts';
import { has } from '../interop/missing.ts';
import { buildNativePrograms, compiler } from '../support/native-programs.ts';
import { transportContract } from './transport.ts';
import type { Capabilities, Connect } from './transport/lab.ts';

const hasIPv6 = Object.values(networkInterfaces()).some(all => all?.some(({ address }) => address === '::1'));

transportContract(
  'a stream',
  async (near, far, limits) => {
    const [left, right] = await unixSockets();
    fromDuplex(left, near, limits);
    fromDuplex(right, far, limits);
  },
  { endings: { abortedThere: 'done', abortedByPeer: 'done' } },
);

if (has(compiler)) {
  transportContract(
    'a stream that the addon writes to',
    async (near, far, limits) => {
      const sockets = await unixSockets();
      const end = { kind: 'pipe', name: 'stream' } as const;
      for (const [index, protocol] of [near, far].entries()) {
        const socket = sockets[index === 0 ? 0 : 1];
        const writes = DirectWrites.of(socket, buildNativePrograms());
        const settings = { ...limits, peer: end, host: end, writes, drop: () => socket.destroy() };
        new StreamTransport(socket, settings).start(protocol);
      }
    },
    { endings: { abortedThere: 'done', abortedByPeer: 'done' } },
  );
}

/** The row of a listener and a connector: `far` is given to whoever comes. */
const over =
  (open: (limits: QueueLimits | undefined, accept: () => IProtocol) => Promise<Door>): Connect =>
  async (near, far, limits) => {
    const accepted = new EventEmitter();
    await using door = await open(limits, () => {
      queueMicrotask(() => accepted.emit('connection'));
      return far;
    });
    await Promise.all([once(accepted, 'connection'), door.connect(near)]);
  };

interface Door extends AsyncDisposable {
  readonly connect: (near: IProtocol) => Promise<unknown>;
}

const overTcp = (host: string): Connect =>
  over(async (limits, accept) => {
    const listener = await listenTcp({ host, port: 0, ...limits }, accept);
    const { port } = listener.address;
    return Object.assign(listener, { connect: (near: IProtocol) => connectTcp({ host, port, ...limits }, near) });
  });

const overUnix = (nameOf: (name: string) => string): Connect =>
  over(async (limits, accept) => {
    const path = nameOf(`nacre-${randomUUID()}`);
    const listener = await listenUnix({ path, ...limits }, accept);
    return Object.assign(listener, { connect: (near: IProtocol) => connectUnix({ path, ...limits }, near) });
  });

/** `near` is behind the header; what it gets first has come in the same segment as often as not. */
const throughProxy: Connect = async (near, far, limits) => {
  const accepted = new EventEmitter();
  const protocol = proxyProtocol({ required: true }, () => {
    queueMicrotask(() => accepted.emit('connection'));
    return near;
  });
  const host = '127.0.0.1';
  await using listener = await listenTcp({ host, port: 0, ...limits }, () => protocol);
  const connection = await connectTcp({ host, port: listener.address.port, ...limits });
  const accepting = once(accepted, 'connection');
  connection.write(Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n'));
  connection.start(far);
  await accepting;
};

/** A Unix socket has no reset: an abort looks like an end. */
const noReset: Partial<Capabilities> = { endings: { abortedThere: 'done', abortedByPeer: 'done' } };

transportContract('a TCP connection over IPv4', overTcp('127.0.0.1'));
if (hasIPv6) transportContract('a TCP connection over IPv6', overTcp('::1'));
else test.skip('a TCP connection over IPv6: this machine has no ::1', () => undefined);
transportContract('a TCP connection behind a PROXY header', throughProxy);
transportContract(
  'a Unix socket with a path',
  overUnix(name => join(tmpdir(), name)),
  noReset,
);
transportContract(
  'a Unix socket with an abstract name',
  overUnix(name => `\0${name}`),
  noReset,
);

async function unixSockets(): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const server = createServer({ pauseOnConnect: true }).listen(join(folder, 's'));
  await once(server, 'listening');
  const left = connect(join(folder, 's'));
  const [right] = (await once(server, 'connection')) as [Socket];
  server.close();
  rmSync(folder, { recursive: true });
  return [left, right];
}
