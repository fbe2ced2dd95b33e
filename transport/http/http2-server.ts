/**
 * A server of HTTP/2: each stream that a peer opens is a connection of its own.
 *
 * Streams begin with POST or PUT, or with the extended CONNECT for protocols that are named. HTTP/2 is spoken from the
 * first byte (prior knowledge): there is no upgrade from HTTP/1.1. For TLS, make the TLS socket, and hand it over.
 * Source: RFC 9113; RFC 8441 (extended CONNECT); RFC 9220 §3 (501 for an unknown protocol).
 */
import {
  performServerHandshake,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IProtocol } from '../contracts.ts';
import { acceptWith, listenerOf, listening } from '../sockets/listener.ts';
import { misdirected, protocolOrRefusal, whereOf, type BuildProtocol, type HttpListener } from './http1-server.ts';
import { boundFloods, takeSocket, sessionOptions, streamConnection, type Http2Options } from './http2-session.ts';
import { checkNumbers, checkToken, httpDefaults, type ListenHttpOptions, type RequestFilter } from './http-options.ts';
import { endsOf } from './http-socket.ts';
import { closeInTime } from './idle.ts';
import { http2Refusal, isRefusal, type Refusal } from './refusal.ts';

export interface Http2ServerOptions extends Http2Options, RequestFilter {
  /** Names of protocols that may be asked for by the extended CONNECT. @default none, and it is not offered */
  readonly protocols?: readonly string[];
  /** How long a session may have no stream, in milliseconds. @default 30_000 */
  readonly headersTimeout?: number;
  /** Told when building a protocol threw; the peer was refused. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface ListenHttp2Options extends ListenHttpOptions, Http2Options, RequestFilter {
  /** See Http2ServerOptions. */
  readonly protocols?: readonly string[];
}

/** The request that a stream began with, by its header fields: `:path`, `:protocol`, `authorization` … */
export type BuildStreamProtocol = BuildProtocol<IncomingHttpHeaders>;

const onlyStreams: Refusal = {
  status: 405,
  text: 'Send a body by POST or PUT, and read the answer while you send.',
  headers: { allow: 'POST, PUT, CONNECT' },
};
const unknownProtocol: Refusal = { status: 501, text: 'This server does not speak the protocol that was asked for.' };

/** Serve one peer over a socket of your own, such as a TLS socket that has agreed on h2. The socket is owned from here on. */
export function acceptHttp2(socket: Duplex, options: Http2ServerOptions, buildProtocol: BuildStreamProtocol): void {
  checkServerOptions(options);
  takeSocket(socket);
  const { protocols = [] } = options;
  const { settings, ...bounds } = sessionOptions(options);
  const session = performServerHandshake(socket, {
    ...bounds,
    settings: { ...settings, enableConnectProtocol: protocols.length > 0 },
  });
  session.on('error', () => undefined); // its streams have been told
  socket.resume(); // a socket that was accepted paused would never be read
  boundFloods(session);
  endWhenEmpty(session, options.headersTimeout ?? httpDefaults.headersTimeout);
  session.on('stream', (stream, headers) => acceptStream(stream, headers, endsOf(socket), options, buildProtocol));
}

/** Listen without TLS, and give each stream of each peer to the protocol that `buildProtocol` makes; undefined refuses it. */
export async function listenHttp2(
  options: ListenHttp2Options,
  buildProtocol: BuildStreamProtocol,
): Promise<HttpListener> {
  checkServerOptions(options);
  const { host, port, backlog, onError, maxConnections = httpDefaults.maxConnections } = options;
  const server = createServer({ noDelay: true, keepAlive: true });
  server.maxConnections = maxConnections;
  acceptWith(server, socket => acceptHttp2(socket, options, buildProtocol), onError);
  await listening(server, { host, port, backlog }, onError);
  return listenerOf(server, whereOf(server));
}

function checkServerOptions(options: Http2ServerOptions): void {
  checkNumbers(options);
  for (const [index, name] of (options.protocols ?? []).entries()) checkToken(`protocols[${index}]`, name);
}

function acceptStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  ends: ReturnType<typeof endsOf>,
  options: Http2ServerOptions,
  buildProtocol: BuildStreamProtocol,
): void {
  stream.on('error', () => undefined);
  const build = (): IProtocol | undefined => buildProtocol(ends.peer, headers);
  const answer = whyNot(headers, options) ?? protocolOrRefusal(build, options.onError);
  if (stream.destroyed) return;
  if (isRefusal(answer)) return refuseStream(stream, answer, ends, options);
  stream.respond({ ':status': 200, 'cache-control': 'no-store, no-transform', 'x-content-type-options': 'nosniff' });
  const connection = streamConnection(stream, ends, undefined, options);
  setImmediate(() => connection.start(answer)); // an abort in its first call would overtake our answer
}

function refuseStream(
  stream: ServerHttp2Stream,
  refusal: Refusal,
  ends: ReturnType<typeof endsOf>,
  options: Http2ServerOptions,
): void {
  stream.respond(http2Refusal(refusal));
  const connection = streamConnection(stream, ends, undefined, options);
  connection.write(Buffer.from(`${refusal.text}\n`));
  closeInTime(connection, options.abortTimeout ?? httpDefaults.abortTimeout);
}

function whyNot(headers: IncomingHttpHeaders, options: Http2ServerOptions): Refusal | undefined {
  const { ':method': method, ':path': target, ':authority': authority, ':protocol': name, origin, host } = headers;
  if (method === 'CONNECT') {
    if (typeof name !== 'string' || !options.protocols?.includes(name)) return unknownProtocol;
  } else if (method !== 'POST' && method !== 'PUT') {
    return onlyStreams;
  }
  return misdirected(options, { target, origin, host: authority ?? host });
}

/** A session without streams is closed after a while, so that idle peers hold nothing. */
function endWhenEmpty(session: ServerHttp2Session, after: number): void {
  let open = 0;
  const close = (): void => session.destroy();
  let timer = setTimeout(close, after).unref();
  session.on('stream', stream => {
    open += 1;
    clearTimeout(timer);
    stream.on('close', () => {
      open -= 1;
      if (open === 0 && !session.destroyed) timer = setTimeout(close, after).unref();
    });
  });
  session.on('close', () => clearTimeout(timer));
}
