/** Streams of HTTP/2, begun by POST and by the extended CONNECT, held to the contract at both ends. */
import { EventEmitter, once } from 'node:events';
import type { IProtocol, QueueLimits } from '../../transport/contracts.ts';
import { connectHttp2 } from '../../transport/http/http2-client.ts';
import { listenHttp2 } from '../../transport/http/http2-server.ts';
import { transportContract } from './transport.ts';

/** The session closes once its one stream has ended. */
async function meet(client: IProtocol, server: IProtocol, limits?: QueueLimits, protocol?: string): Promise<void> {
  const accepted = new EventEmitter();
  const options = { host: '127.0.0.1', port: 0, protocols: ['nacre'], ...limits };
  await using listener = await listenHttp2(options, () => {
    queueMicrotask(() => accepted.emit('stream'));
    return server;
  });
  const session = await connectHttp2({ url: `http://127.0.0.1:${listener.address.port}/`, ...limits });
  await Promise.all([once(accepted, 'stream'), session.open(protocol === undefined ? {} : { protocol }, client)]);
  void session.close();
}

transportContract('a stream of HTTP/2, of the client', (near, far, limits) => meet(near, far, limits));
transportContract('a stream of HTTP/2, of the server', (near, far, limits) => meet(far, near, limits));
transportContract('a stream of HTTP/2 by extended CONNECT, of the client', (near, far, limits) =>
  meet(near, far, limits, 'nacre'),
);
