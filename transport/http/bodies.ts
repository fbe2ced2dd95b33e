/**
 * A pair of bodies as a connection: the request's streams up while the answer's streams down, on HTTP/1.1.
 *
 * The end of a body is EOF, so half-close is there in both directions; an abort resets the socket. A connection carries
 * one pair at a time: what is sent behind it is not read beyond what one read of the socket brings, and refused.
 * Bodies need HTTP/1.1 on the whole way, and a proxy that does not wait for the end of a request before it passes it on.
 * Source: RFC 9112 §7.1 (chunked), §9.3.2 (pipelining); after Twisted's HTTPChannel.
 */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { IConnection, IProtocol } from '../contracts.ts';
import { StreamPairTransport } from '../stream-pair.ts';
import { attempted, openRequest, type ConnectHttpOptions } from './http1-client.ts';
import {
  listenHttp1,
  misdirectedRequest,
  protocolOrRefusal,
  type BuildProtocol,
  type HttpListener,
} from './http1-server.ts';
import { httpDefaults, type HttpOptions, type ListenHttpOptions, type RequestFilter } from './http-options.ts';
import { endsOf, cut } from './http-socket.ts';
import { closeWhenIdle } from './idle.ts';
import { isRefusal, refusals, refuse, refusedBy, type Refusal } from './refusal.ts';

export interface BodiesOptions extends HttpOptions, RequestFilter {
  /** Told when building a protocol threw; the peer was refused. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface ListenBodiesOptions extends ListenHttpOptions, RequestFilter {}

export interface ConnectBodiesOptions extends ConnectHttpOptions {
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT';
}

/** What Node's servers hand to 'request'. */
export interface RequestEvent {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Headers that keep caches and proxies from holding bytes back. */
const streaming = {
  'content-type': 'application/octet-stream',
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

const onlyBodies: Refusal = {
  status: 405,
  text: 'Send a body by POST or PUT, and read the answer while you send.',
  headers: { allow: 'POST, PUT' },
};

/** The pair that runs on a socket. */
const running = new WeakMap<Duplex, RequestEvent>();

/** Answer the 'request' event of a `node:http` server of your own. */
export function acceptBodies(event: RequestEvent, options: BodiesOptions, build: BuildProtocol<IncomingMessage>): void {
  const { request, response } = event;
  const { socket } = request;
  if (isRunning(running.get(socket))) {
    socket.pause();
    return refuse(response, refusals.pipelined);
  }
  const builder = (): IProtocol | undefined => build(endsOf(socket).peer, request);
  const answer = whyNot(request, options) ?? protocolOrRefusal(builder, options.onError);
  if (isRefusal(answer)) return refuse(response, answer);
  running.set(socket, event);
  answerWith(event, answer, options);
}

/** Listen, and give each pair of bodies to the protocol that `buildProtocol` makes; undefined refuses it (403). */
export function listenBodies(
  options: ListenBodiesOptions,
  buildProtocol: BuildProtocol<IncomingMessage>,
): Promise<HttpListener> {
  return listenHttp1(options, server =>
    server.on('request', (request, response) => acceptBodies({ request, response }, options, buildProtocol)),
  );
}

/**
 * Begin a request whose body streams, and give it and its answer to `protocol` once the answer has begun. Rejects with
 * the system's error, with an answer other than 200 (code `HTTP_404` …), or with the signal's reason.
 */
export async function connectBodies(options: ConnectBodiesOptions, protocol?: IProtocol): Promise<IConnection> {
  const headers = { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' };
  const request = openRequest(options, { method: options.method ?? 'POST', headers });
  return attempted(
    options,
    () => request.destroy(),
    (resolve, reject) => {
      request.on('response', response => {
        if (response.statusCode === 200) return resolve(pairOfClient(request, response, protocol, options));
        reject(refusedBy(response, 'a body'));
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    },
  );
}

/** Until both bodies have come to their ends. */
const isRunning = (event: RequestEvent | undefined): boolean =>
  event !== undefined && !(event.request.complete && event.response.writableFinished);

/** HTTP/1.0 has no chunks, so that the end of one body would be the end of both. */
function whyNot(request: IncomingMessage, options: BodiesOptions): Refusal | undefined {
  if (request.httpVersion !== '1.1') return refusals.version;
  if (request.method !== 'POST' && request.method !== 'PUT') return onlyBodies;
  if (!isPlainCoding(request.headers['transfer-encoding'])) return refusals.coding;
  return misdirectedRequest(options, request);
}

/** Node takes a coding that it does not know for no body at all, so that the body would be the next request (§6.1). */
const isPlainCoding = (coding: string | undefined): boolean =>
  coding === undefined || coding.toLowerCase() === 'chunked';

/** A peer that asked for `close` is told keep-alive: else Node would cut its body at the end of our answer. */
function answerWith({ request, response }: RequestEvent, protocol: IProtocol, options: BodiesOptions): void {
  const { socket } = request;
  response.shouldKeepAlive = true;
  response.writeHead(200, streaming);
  response.flushHeaders();
  const transport = bodiesTransport({ readable: request, writable: response }, socket, options);
  const timed = withBodyDefaults(options);
  closeWhenIdle(request, transport, timed);
  closeWhenIdle(response, transport, timed);
  response.on('finish', () => socket.setTimeout(timed.idleTimeout)); // Node has put its wait for a next request here
  transport.start(protocol);
}

function pairOfClient(
  request: ClientRequest,
  response: IncomingMessage,
  protocol: IProtocol | undefined,
  options: HttpOptions,
): IConnection {
  const transport = bodiesTransport({ readable: response, writable: request }, response.socket, options);
  closeWhenIdle(request, transport, withBodyDefaults(options));
  if (protocol) transport.start(protocol);
  return transport;
}

const withBodyDefaults = (options: HttpOptions) => ({ idleTimeout: httpDefaults.idleTimeoutOfBodies, ...options });

interface Bodies {
  readonly readable: Readable;
  readonly writable: Writable;
}

/** The output is ended, not destroyed: it goes with its socket, which both bodies share. */
function bodiesTransport(pair: Bodies, socket: Duplex, options: HttpOptions): StreamPairTransport {
  return new StreamPairTransport(pair, {
    ...options,
    ...endsOf(socket),
    releaseOutput: () => void pair.writable.end(),
    drop: () => cut(socket),
  });
}
