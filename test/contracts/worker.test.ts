/** Every transport to workers, held to the contract. */
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { beforeAll } from '@jest/globals';
import type { IConnection, QueueLimits } from '../../transport/contracts.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { spawnWorker } from '../../transport/worker/child-worker.ts';
import { fromMessagePort } from '../../transport/worker/message-port.ts';
import { build } from '../interop/build.ts';
import { bridged } from '../support/bridge.ts';
import { transportContract } from './transport.ts';
import type { Connect } from './transport/lab.ts';

transportContract('a message port', (near, far, limits) => {
  const { port1, port2 } = new MessageChannel();
  fromMessagePort(port1, near, limits);
  fromMessagePort(port2, far, limits);
});

beforeAll(() => build(), 120_000);

const file = fileURLToPath(new URL('../support/worker-child.js', import.meta.url));

/** The worker joins its connection to a socket; the connection waits for its protocol until then. */
const row =
  (start: (path: string, limits?: QueueLimits) => IConnection): Connect =>
  async (near, far, limits) => {
    const [connection, socket] = await bridged(path => start(path, limits));
    connection.start(near);
    fromDuplex(socket, far, limits);
  };

/** The worker's relay closes when both directions have ended; a cut of its connection is an end of the socket. */
const relayed = { outlivesEof: false, endings: { abortedThere: 'done', abortedByPeer: 'done' } } as const;

transportContract(
  'a worker process',
  row((path, limits) => spawnWorker({ file, args: [path], ...limits })),
  relayed,
);

transportContract(
  'a worker thread',
  row((path, limits) => fromMessagePort(new Worker(file, { workerData: { path } }), undefined, limits)),
  relayed,
);
