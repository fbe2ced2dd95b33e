/**
 * HTTP/1.1, held to the contract: upgraded, through CONNECT, and as a pair of bodies.
 *
 * The first two are sockets at both ends once they are open, so one end of each is enough; bodies differ by side.
 */
import { EventEmitter, once } from 'node:events';
import type { IProtocol, QueueLimits } from '../../transport/contracts.ts';
import { connectBodies, listenBodies } from '../../transport/http/bodies.ts';
import type { HttpListener } from '../../transport/http/http1-server.ts';
import { connectTunnel, listenTunnel } from '../../transport/http/tunnel.ts';
import { connectUpgrade, listenUpgrade } from '../../transport/http/upgrade.ts';
import { transportContract } from './transport.ts';
import type { Connect } from './transport/lab.ts';

type Listen = (options: QueueLimits & { host: string; port: number }, build: () => IProtocol) => Promise<HttpListener>;
type ConnectTo = (options: QueueLimits & { url: string }, protocol: IProtocol) => Promise<unknown>;

/** `server` is given to whoever comes, `client` is who comes. */
async function meet(
  listen: Listen,
  connect: ConnectTo,
  [client, server]: [IProtocol, IProtocol],
  limits?: QueueLimits,
) {
  const accepted = new EventEmitter();
  await using listener = await listen({ host: '127.0.0.1', port: 0, ...limits }, () => {
    queueMicrotask(() => accepted.emit('connection'));
    return server;
  });
  const url = `http://127.0.0.1:${listener.address.port}/`;
  await Promise.all([once(accepted, 'connection'), connect({ url, ...limits }, client)]);
}

const nearAsClient =
  (listen: Listen, connect: ConnectTo): Connect =>
  (near, far, limits) =>
    meet(listen, connect, [near, far], limits);

const nearAsServer =
  (listen: Listen, connect: ConnectTo): Connect =>
  (near, far, limits) =>
    meet(listen, connect, [far, near], limits);

const token = 'nacre/1';
const upgrade: [Listen, ConnectTo] = [
  (options, build) => listenUpgrade({ ...options, token }, build),
  (options, protocol) => connectUpgrade({ ...options, token }, protocol),
];
const tunnel: [Listen, ConnectTo] = [
  listenTunnel,
  (options, protocol) => connectTunnel({ ...options, target: 'shell.example:22' }, protocol),
];

transportContract('an upgraded HTTP/1.1 connection, of the client', nearAsClient(...upgrade));
transportContract('a tunnel through CONNECT, of the server', nearAsServer(...tunnel));
transportContract('a pair of HTTP/1.1 bodies, of the client', nearAsClient(listenBodies, connectBodies));
transportContract('a pair of HTTP/1.1 bodies, of the server', nearAsServer(listenBodies, connectBodies));
