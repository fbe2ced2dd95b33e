/** Every transport over the kernel's sockets, held to the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import { fromDuplex } from '../../transport/stream.ts';
import { connectTcp, listenTcp } from '../../transport/sockets/tcp.ts';
import { transportContract } from './transport.ts';
import type { Connect } from './transport/lab.ts';

transportContract(
  'a stream',
  async (near, far, limits) => {
    const [left, right] = await unixSockets();
    fromDuplex(left, near, limits);
    fromDuplex(right, far, limits);
  },
  { endings: { abortedThere: 'done', abortedByPeer: 'done' } },
);

const overTcp: Connect = async (near, far, limits) => {
  const accepted = new EventEmitter();
  await using listener = await listenTcp({ host: '127.0.0.1', port: 0, ...limits }, () => {
    accepted.emit('connection');
    return far;
  });
  const { port } = listener.address;
  await Promise.all([once(accepted, 'connection'), connectTcp({ host: '127.0.0.1', port, ...limits }, near)]);
};
transportContract('a TCP connection', overTcp);

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
