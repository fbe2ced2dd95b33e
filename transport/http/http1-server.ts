/**
 * A server of HTTP/1.1 with every bound set, and the decision who gets a protocol.
 *
 * Node's parser refuses what is ambiguous (both lengths, two lengths, broken lines) before we see it, and is told so even
 * where the process was started with a looser one. Source: RFC 9112 §11.2 (smuggling); Node 20 documentation, "http".
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Address } from '../address.ts';
import type { IProtocol } from '../contracts.ts';
import { asError } from '../errors.ts';
import { warnOfListener } from '../warnings.ts';
import { listenerOf, listening, type Listener } from '../sockets/listener.ts';
import {
  checkNumbers,
  httpDefaults,
  isSameSite,
  pathOf,
  type ListenHttpOptions,
  type RequestFilter,
} from './http-options.ts';
import { refusals, type Refusal } from './refusal.ts';

export type HttpListener = Listener<Extract<Address, { kind: 'tcp' }>>;

/** Makes the protocol for a peer; undefined refuses it (403). */
export type BuildProtocol<Request> = (peer: Address, request: Request) => IProtocol | undefined;

/** Listen with a server that `prepare` has given its handlers. */
export async function listenHttp1(
  options: ListenHttpOptions,
  prepare: (server: Server) => void,
): Promise<HttpListener> {
  const server = boundedServer(options);
  prepare(server);
  await listening(server, { host: options.host, port: options.port, backlog: options.backlog }, options.onError);
  return listenerOf(server, whereOf(server));
}

/** No limit on the count of headers: Node drops those beyond it without a word, and their size is bounded. */
function boundedServer(options: ListenHttpOptions): Server {
  checkNumbers(options);
  const { maxConnections, maxHeaderSize, headersTimeout } = { ...httpDefaults, ...options };
  const server = createServer({
    maxHeaderSize,
    headersTimeout,
    connectionsCheckingInterval: headersTimeout,
    requestTimeout: 0,
    insecureHTTPParser: false,
    noDelay: true,
    keepAlive: true,
  });
  server.maxHeadersCount = 0;
  server.maxConnections = maxConnections;
  return server;
}

/** Where a server listens. */
export function whereOf(server: { address(): ReturnType<Server['address']> }): HttpListener['address'] {
  const at = server.address();
  const { address = '', port = 0 } = typeof at === 'object' && at !== null ? at : {};
  return Object.freeze({ kind: 'tcp', host: address, port });
}

/** Is this request for us? */
export function misdirected(
  { path = httpDefaults.path, allowOrigin = isSameSite }: RequestFilter,
  { target, origin, host }: { target: string | undefined; origin: string | undefined; host: string | undefined },
): Refusal | undefined {
  if (pathOf(target) !== path) return refusals.path;
  if (origin !== undefined && !allowOrigin(origin, host)) return refusals.origin;
  return undefined;
}

/** The same for a request of HTTP/1.1. */
export const misdirectedRequest = (filter: RequestFilter, { url, headers }: IncomingMessage): Refusal | undefined =>
  misdirected(filter, { target: url, origin: headers.origin, host: headers.host });

/** The protocol for `peer`, or why there is none. What building throws is told to `onError`. */
export function protocolOrRefusal(build: () => IProtocol | undefined, onError = warnOfListener): IProtocol | Refusal {
  try {
    return build() ?? refusals.protocol;
  } catch (error) {
    onError(asError(error));
    return refusals.fault;
  }
}
