/**
 * TCP: connect to an address, or listen on one. A transport over a socket, with the settings a terminal wants.
 *
 * Addresses are captured when the connection is made. An abort is a reset (RST); a close in order lingers (stream.ts),
 * so that the peer gets our last bytes even if we never read its. It refuses to guess: no default host or port.
 * Source: RFC 9293 §3.6; RFC 1122 §4.2.2.13; RFC 8305 (a name with several addresses); Node 20 documentation, "net";
 * after Twisted's ITCPTransport.
 */
import { connect, createServer, Socket, type AddressInfo, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { tcpAddress, type TcpAddress } from '../address.ts';
import { DirectWrites } from '../direct-writes.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import type { ILender } from '../lender.ts';
import { sharingReads, type SharedReads } from '../shared-reads.ts';
import { StreamTransport } from '../stream.ts';
import { connected, type AttemptOptions } from './attempt.ts';
import { acceptWith, listenerOf, listening, turnAway, type Listener, type ListenerOptions } from './listener.ts';

export type TcpListener = Listener<TcpAddress>;

/** A TCP connection. What was set is remembered, and still answered after the end. After Twisted's ITCPTransport. */
export interface ITCPTransport extends IConnection {
  getTcpNoDelay(): boolean;
  /** Send small writes at once (true), or let the kernel gather them (Nagle, RFC 896). */
  setTcpNoDelay(enabled: boolean): void;
  getTcpKeepAlive(): boolean;
  /** Probe a silent peer, so that one that has gone is noticed (RFC 1122 §4.2.3.6). */
  setTcpKeepAlive(enabled: boolean): void;
}

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

export interface ConnectTcpOptions extends TcpOptions, AttemptOptions {
  /** Address to connect from. @default the system's choice */
  readonly localAddress?: string;
  /**
   * When a name has several addresses, how long one is tried before the next is, in milliseconds, IPv6 and IPv4 in
   * turn ("happy eyeballs", RFC 8305). At least 10. @default 250
   */
  readonly attemptDelay?: number;
  /** How names become addresses. @default the system's resolver (`dns.lookup`) */
  readonly lookup?: LookupFunction;
}

export interface ListenTcpOptions extends TcpOptions, ListenerOptions {
  /** When listening on `::`, do not take IPv4 connections too. @default false */
  readonly ipv6Only?: boolean;
}

/**
 * Connect and give the connection to `protocol`; resolves with its transport, after `makeConnection`. Without a protocol
 * it resolves with a connection that waits for one.
 * Rejects with the system's error (`ECONNREFUSED`, `ENOTFOUND` …), the signal's reason, or ETIMEDOUT; then `protocol`
 * has heard nothing.
 */
export async function connectTcp(options: ConnectTcpOptions, protocol?: IProtocol): Promise<ITCPTransport> {
  const { host, port, localAddress, lookup, attemptDelay = 250 } = options;
  const socket = connect({
    ...socketOptions(options),
    host,
    port,
    localAddress,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptDelay,
  });
  await connected(socket, options);
  const transport = new TcpTransport(socket, options, endsOf(socket));
  if (protocol) transport.start(protocol);
  return transport;
}

/**
 * Listen, and give each connection to the protocol that `buildProtocol` makes for its peer; undefined refuses it.
 * Resolves when listening; rejects with the system's error (`EADDRINUSE`, `EACCES` …).
 */
export async function listenTcp(
  options: ListenTcpOptions,
  buildProtocol: (peer: TcpAddress) => IProtocol | undefined,
): Promise<TcpListener> {
  const { host, port, backlog, ipv6Only, onError } = options;
  const server = createServer({ ...socketOptions(options), pauseOnConnect: true });
  acceptWith(server, socket => accept(socket, options, buildProtocol), onError);
  await listening(server, { host, port, backlog, ipv6Only }, onError);
  const at = server.address();
  return listenerOf(server, isAddressInfo(at) ? tcpAddress(at.address, at.port) : tcpAddress());
}

interface Ends {
  readonly peer: TcpAddress;
  readonly host: TcpAddress;
}

const endsOf = (socket: Socket): Ends => ({
  peer: tcpAddress(socket.remoteAddress, socket.remotePort),
  host: tcpAddress(socket.localAddress, socket.localPort),
});

class TcpTransport extends StreamTransport implements ITCPTransport, ILender {
  readonly #socket: Socket;
  readonly #keepAliveDelay: number;
  #noDelay: boolean;
  #keepAlive: boolean;

  constructor(socket: Socket, options: TcpOptions, ends: Ends, reads?: SharedReads) {
    super(socket, {
      ...options,
      ...ends,
      drop: reset,
      reads,
      writes: DirectWrites.of(socket),
    });
    const { noDelay, keepAlive, keepAliveInitialDelay } = socketOptions(options);
    this.#socket = socket;
    this.#noDelay = noDelay;
    this.#keepAlive = keepAlive;
    this.#keepAliveDelay = keepAliveInitialDelay;
  }

  /** A socket's write has ended when the kernel has the bytes. */
  lend(data: Uint8Array, returned: () => void): void {
    this.lendBytes(data, returned);
  }

  getTcpNoDelay(): boolean {
    return this.#noDelay;
  }

  setTcpNoDelay(enabled: boolean): void {
    this.#noDelay = enabled;
    this.#socket.setNoDelay(enabled);
  }

  getTcpKeepAlive(): boolean {
    return this.#keepAlive;
  }

  setTcpKeepAlive(enabled: boolean): void {
    this.#keepAlive = enabled;
    this.#socket.setKeepAlive(enabled, this.#keepAliveDelay);
  }
}

const reset = (socket: Duplex): void => void (socket instanceof Socket ? socket.resetAndDestroy() : socket.destroy());

function accept(
  socket: Socket,
  options: ListenTcpOptions,
  buildProtocol: (peer: TcpAddress) => IProtocol | undefined,
): void {
  const known = socket.remoteAddress !== undefined; // unknown: the peer has gone before we looked
  const ends = endsOf(socket);
  const protocol = known ? buildProtocol(ends.peer) : undefined;
  if (!protocol) return turnAway(socket);
  const shared = sharingReads(socket, socketOptions(options));
  new TcpTransport(shared.socket, options, ends, shared.reads).start(protocol);
}

const socketOptions = ({ noDelay = true, keepAlive = true, keepAliveDelay = 60_000 }: TcpOptions) => ({
  allowHalfOpen: true,
  noDelay,
  keepAlive,
  keepAliveInitialDelay: keepAliveDelay,
});

const isAddressInfo = (address: string | AddressInfo | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;
