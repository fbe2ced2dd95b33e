/**
 * WebSocket: connect to a URL, listen, or take a socket of the `ws` library that somebody else has opened.
 *
 * With a plain peer, such as a browser, bytes travel as binary messages, and there is no half-close, because WebSocket
 * has none. Two ends of ours may agree on the subprotocol `nacre.v1`: credits (credits/), and with them EOF in each
 * direction and back-pressure that no proxy in between can swallow. Text messages are refused, compression is off, and
 * a browser page of another site may not connect unless it is told that it may.
 * Source: RFC 6455; `ws` 8 documentation.
 */
import type { IncomingMessage } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { tcpAddress, type Address, type TcpAddress } from '../address.ts';
import type { IConnection, IProtocol } from '../contracts.ts';
import { CreditMedium } from '../credits/credit-medium.ts';
import { Endpoint } from '../endpoint.ts';
import { asError } from '../errors.ts';
import { warnOfListener } from '../warnings.ts';
import {
  creditProtocol,
  webSocketDefaults,
  type FromWebSocketOptions,
  type WebSocketOptions,
} from './websocket-options.ts';
import { isSameSite } from './http-options.ts';
import { keepAlive } from './websocket-ping.ts';
import { listenToCredits, PlainMedium, WebSocketCarrier } from './websocket-medium.ts';

export interface ConnectWebSocketOptions extends WebSocketOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** Ask for credits and half-close. The other end must be of nacre too, or the handshake fails. @default false */
  readonly credits?: boolean;
  /** Headers of the request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Give up connecting after this long, in milliseconds. @default 30_000 */
  readonly connectTimeout?: number;
  /** Give up connecting when this is aborted. Once connected it means nothing. */
  readonly signal?: AbortSignal;
}

export interface ListenWebSocketOptions extends WebSocketOptions {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Only requests for this path are taken. @default '/' */
  readonly path?: string;
  /** Whether a browser page from `origin` may connect. @default only pages from the host that it connects to */
  readonly allowOrigin?: (origin: string, request: IncomingMessage) => boolean;
  /** Told when a connection could not be accepted or given a protocol; listening goes on. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface WebSocketListener extends AsyncDisposable {
  /** Where it listens, with the real port. */
  readonly address: TcpAddress;
  /** Stop listening. Connections already made go on. Safe to repeat. */
  close(): Promise<void>;
}

/** Give an open socket to `protocol`, or make it a connection that waits for one. It owns the socket. */
export function fromWebSocket(
  socket: WebSocket,
  protocol?: IProtocol,
  options: FromWebSocketOptions = {},
): IConnection {
  const { peer, host, window, pingInterval, ...limits } = { ...webSocketDefaults, ...options };
  socket.binaryType = 'nodebuffer';
  const isOurs = socket.protocol === creditProtocol;
  const medium = isOurs ? new CreditMedium(new WebSocketCarrier(socket), { window }) : new PlainMedium(socket);
  const endpoint = new Endpoint(medium, { peer, host }, limits);
  if (medium instanceof PlainMedium) medium.listen(endpoint);
  else listenToCredits(socket, medium, endpoint);
  keepAlive(socket, pingInterval);
  if (protocol) endpoint.start(protocol);
  return endpoint;
}

/**
 * Connect, and give the connection to `protocol`. Rejects with the system's error, with what the server answered
 * instead ("Unexpected server response: 404"), or with the signal's reason.
 */
export function connectWebSocket(options: ConnectWebSocketOptions, protocol?: IProtocol): Promise<IConnection> {
  const { url, credits = false, headers = {}, connectTimeout = 30_000, signal, ...rest } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, credits ? [creditProtocol] : [], {
      headers,
      handshakeTimeout: connectTimeout,
      perMessageDeflate: false,
      maxPayload: rest.maxPayload ?? webSocketDefaults.maxPayload,
    });
    const abort = (): void => {
      socket.terminate();
      reject(asError(signal?.reason));
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('open', () => {
      signal?.removeEventListener('abort', abort);
      resolve(fromWebSocket(socket, protocol, { peer: Object.freeze({ kind: 'pipe', name: url }), ...rest }));
    });
  });
}

/** Listen, and give each connection to the protocol that `buildProtocol` makes; undefined refuses it (close 1008). */
export function listenWebSocket(
  options: ListenWebSocketOptions,
  buildProtocol: (peer: Address, request: IncomingMessage) => IProtocol | undefined,
): Promise<WebSocketListener> {
  const { host, port, path = '/', allowOrigin = sameSiteOnly, onError = warnOfListener, ...rest } = options;
  const server = new WebSocketServer({
    host,
    port,
    path,
    perMessageDeflate: false,
    maxPayload: rest.maxPayload ?? webSocketDefaults.maxPayload,
    handleProtocols: offered => (offered.has(creditProtocol) ? creditProtocol : false),
    verifyClient: ({ origin, req }: { origin: string | undefined; req: IncomingMessage }) =>
      origin === undefined || allowOrigin(origin, req),
  });
  server.on('connection', (socket, request) => {
    try {
      accept(socket, request, rest, buildProtocol);
    } catch (error) {
      socket.close(1011);
      onError(asError(error));
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve(listenerOf(server));
    });
  });
}

const sameSiteOnly = (origin: string, { headers }: IncomingMessage): boolean => isSameSite(origin, headers.host);

function accept(
  socket: WebSocket,
  request: IncomingMessage,
  options: WebSocketOptions,
  buildProtocol: (peer: Address, request: IncomingMessage) => IProtocol | undefined,
): void {
  const { remoteAddress, remotePort, localAddress, localPort } = request.socket;
  const peer = tcpAddress(remoteAddress, remotePort);
  const protocol = buildProtocol(peer, request);
  if (protocol) fromWebSocket(socket, protocol, { ...options, peer, host: tcpAddress(localAddress, localPort) });
  else socket.close(1008);
}

function listenerOf(server: WebSocketServer): WebSocketListener {
  const at = server.address();
  const close = (): Promise<void> => {
    server.close();
    return Promise.resolve();
  };
  const address = typeof at === 'object' && at !== null ? tcpAddress(at.address, at.port) : tcpAddress();
  return { address, close, [Symbol.asyncDispose]: close };
}
