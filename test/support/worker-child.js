/** Workers for tests: joined to a socket, or echoing; as a child process or, with a parent port, as a thread. */
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { fromDuplex, fromMessagePort, parentConnection, relay } from '../../dist/transport/index.js';

const path = workerData?.path ?? process.argv[2];
const parent = protocol => (parentPort ? fromMessagePort(parentPort, protocol) : parentConnection(protocol));

if (path) {
  const [left, right] = relay();
  fromDuplex(connect({ path, allowHalfOpen: true }), left);
  parent(right);
} else {
  const connection = parent();
  for await (const chunk of connection) connection.write(Uint8Array.from(chunk));
  connection.loseConnection();
}
