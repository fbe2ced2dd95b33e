/** Every transport of this floor, held to the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import { aborted, done } from '../../transport/close-reason.ts';
import type { IProtocol } from '../../transport/contracts.ts';
import { loopback } from '../../transport/loopback.ts';
import { relay } from '../../transport/relay.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { StringTransport } from '../../transport/string-transport.ts';
import { connectTcp, listenTcp } from '../../transport/tcp.ts';
import { transportContract } from '../contracts/transport.ts';
import type { Connect } from '../contracts/transport/lab.ts';

transportContract('a loopback', (near, far, limits) => void loopback(near, far, limits));

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

transportContract(
  'a relay between two loopbacks',
  (near, far, limits) => {
    const [left, right] = relay();
    loopback(near, left, limits);
    loopback(right, far, limits);
  },
  { outlivesEof: false },
);

transportContract('a string transport, with its peer played by hand', playByHand, {
  halfClose: false,
  backPressure: false,
  limits: false,
  producers: false,
  guards: false,
});

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

/** Each turn, give each end what the other has written, and end both when one asked for it. */
function playByHand(near: IProtocol, far: IProtocol): void {
  const ends = [new StringTransport(), new StringTransport()] as const;
  ends[0].start(near);
  ends[1].start(far);
  setImmediate(function turn() {
    const over = play(ends[0], ends[1]) || play(ends[1], ends[0]);
    if (!over) setImmediate(turn);
  });
}

/** One direction of one turn; whether the connection is over. */
function play(from: StringTransport, to: StringTransport): boolean {
  const data = from.value();
  const through = to.disconnecting || to.producerState !== 'paused';
  if (data.length > 0 && through) {
    from.clear();
    to.receive(data);
  }
  if (!from.disconnecting || !through) return false;
  to.lose(from.aborted ? { kind: 'lost', error: new Error('the other end aborted') } : done);
  from.lose(from.aborted ? aborted : done);
  return true;
}
