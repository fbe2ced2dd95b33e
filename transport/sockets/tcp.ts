/**
 * TCP: connect to an address, or listen on one. A transport over a socket, with the settings a terminal wants.
 *
 * Addresses are captured when the connection is made. An abort is a reset (RST); a close in order lingers (stream.ts),
 * so that the peer gets our last bytes even if we never read its. It refuses to guess: no default host or port.
 * Source: RFC 9293 §3.6; RFC 1122 §4.2.2.13; Node 20 documentation, "net"; after Twisted's ITCPTransport.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Address } from '../address.ts';
import type { IProtocol, QueueLimits } from '../contracts.ts';
import { Disposables } from '../disposables.ts';
import type { Endpoint } from '../endpoint.ts';
import { asError } from '../errors.ts';
import { startStream } from '../stream.ts';

export type TcpAddress = Extract<Address, { kind: 'tcp' }>;

export interface TcpOptions extends QueueLimits {
  /** Name or address: to connect to, or to listen on. */
  readonly host: string;
  /** 0 to 65535; 0, when listening, means any free port. */
  readonly port: number;
  /** Send small writes at once (TCP_NODELAY): a keystroke must not wait for an acknowledgement. @default true */
  readonly noDelay?: boolean;
  /** Notice a peer that is gone without a word. @default true */
  readonly keepAlive?: boolean;
  /** Silence before the first keep-alive probe, in milliseconds. @default 60_000 */
  readonly keepAliveDelay?: number;
  /** See StreamOptions. @default 2_000 */
  readonly lingerTime?: number;
}

export interface ConnectTcpOptions extends TcpOptions {
  /** Give up connecting after this long, in milliseconds; 0 means never. @default 30_000 */
  readonly connectTimeout?: number;
  /** Give up connecting when this is aborted. Once connected it means nothing. */
  readonly signal?: AbortSignal;
}

export interface ListenTcpOptions extends TcpOptions {
  /** Connections the kernel may hold before we accept them. @default 511 (Node) */
  readonly backlog?: number;
  /** Told when a connection could not be accepted or given a protocol; listening goes on. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface TcpListener extends AsyncDisposable {
  /** Where it listens, with the real port. */
  readonly address: TcpAddress;
  /** Stop listening. Connections already made go on. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * Connect and give the connection to `protocol`; resolves with its transport, after `makeConnection`. Without a protocol
 * it resolves with a connection that waits for one.
 * Rejects with the system's error (`ECONNREFUSED`, `ENOTFOUND` …), the signal's reason, or ETIMEDOUT; then `protocol`
 * has heard nothing.
 */
export function connectTcp(options: ConnectTcpOptions, protocol?: IProtocol): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    const attempt = new Disposables();
    const socket = connect({ ...socketOptions(options), host: options.host, port: options.port });
    const giveUp = (error: Error): void => void socket.destroy(error);
    limitTime(attempt, options.connectTimeout ?? 30_000, giveUp);
    if (options.signal) followSignal(attempt, options.signal, giveUp);
    socket.once('error', reject);
    attempt.add(() => socket.off('error', reject));
    socket.once('close', () => attempt[Symbol.dispose]());
    socket.once('connect', () => {
      attempt[Symbol.dispose]();
      resolve(startSocket(socket, protocol, options));
    });
  });
}

/**
 * Listen, and give each connection to the protocol that `buildProtocol` makes for its peer; undefined refuses it.
 * Resolves when listening; rejects with the system's error (`EADDRINUSE`, `EACCES` …).
 */
export function listenTcp(
  options: ListenTcpOptions,
  buildProtocol: (peer: TcpAddress) => IProtocol | undefined,
): Promise<TcpListener> {
  const { onError = error => process.emitWarning(error.message, 'TcpListenerWarning') } = options;
  const server = createServer({ ...socketOptions(options), pauseOnConnect: true }, socket => {
    try {
      accept(socket, options, buildProtocol);
    } catch (error) {
      refuse(socket);
      onError(asError(error));
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, backlog: options.backlog }, () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve(listenerOf(server));
    });
  });
}

function accept(
  socket: Socket,
  options: ListenTcpOptions,
  buildProtocol: (peer: TcpAddress) => IProtocol | undefined,
): void {
  const known = socket.remoteAddress !== undefined; // unknown: the peer has gone before we looked
  const protocol = known ? buildProtocol(tcpAddress(socket.remoteAddress, socket.remotePort)) : undefined;
  if (protocol) startSocket(socket, protocol, options);
  else refuse(socket);
}

function refuse(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.resetAndDestroy();
}

function startSocket(socket: Socket, protocol: IProtocol | undefined, options: TcpOptions): Endpoint {
  return startStream(socket, protocol, {
    ...options,
    peer: tcpAddress(socket.remoteAddress, socket.remotePort),
    host: tcpAddress(socket.localAddress, socket.localPort),
    drop: () => socket.resetAndDestroy(),
  });
}

const socketOptions = ({ noDelay = true, keepAlive = true, keepAliveDelay = 60_000 }: TcpOptions) => ({
  allowHalfOpen: true,
  noDelay,
  keepAlive,
  keepAliveInitialDelay: keepAliveDelay,
});

function listenerOf(server: Server): TcpListener {
  const at = server.address();
  const close = (): Promise<void> => {
    server.close();
    return Promise.resolve();
  };
  return {
    address: isAddressInfo(at) ? tcpAddress(at.address, at.port) : tcpAddress(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const isAddressInfo = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

/** An IPv4 peer of a socket that listens on both families is shown as what it is, not as `::ffff:192.0.2.1`. */
function tcpAddress(host = '', port = 0): TcpAddress {
  return Object.freeze({ kind: 'tcp', host: host.replace(/^::ffff:(?=\d+\.)/, ''), port });
}

function limitTime(owner: Disposables, milliseconds: number, giveUp: (error: Error) => void): void {
  if (milliseconds === 0) return;
  const error = Object.assign(new Error(`no connection within ${milliseconds} ms`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(giveUp, milliseconds, error);
  owner.add(() => clearTimeout(timer));
}

function followSignal(owner: Disposables, signal: AbortSignal, giveUp: (error: Error) => void): void {
  const abort = (): void => giveUp(asError(signal.reason));
  if (signal.aborted) return abort();
  signal.addEventListener('abort', abort);
  owner.add(() => signal.removeEventListener('abort', abort));
}
