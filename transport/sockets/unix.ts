/**
 * Unix sockets: connect to a path or an abstract name, or listen on one. After Twisted's IUNIXTransport.
 *
 * A listener owns its path: nobody can connect before its mode is set, a socket left behind by a dead process is taken
 * over, a live one and a file of another kind never, and the path is removed at the close if it is still its own
 * (socket-path.ts). Node can neither tell a peer's credentials nor pass descriptors soundly, so that both are refused
 * with UnsupportedError (docs/decisions/004-unix-credentials-and-descriptors.md).
 * Source: unix(7); Node 20 documentation, "net".
 */
import { connect, createServer, type Socket } from 'node:net';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import { UnsupportedError } from '../errors.ts';
import { StreamTransport } from '../stream.ts';
import { connected, type AttemptOptions } from './attempt.ts';
import { acceptWith, listenerOf, listening, turnAway, type Listener, type ListenerOptions } from './listener.ts';
import { checkName, isAbstract, SocketPath } from './socket-path.ts';

export type UnixAddress = Extract<Address, { kind: 'unix' }>;
export type UnixListener = Listener<UnixAddress>;

/** A connection on this machine. */
export interface IUNIXTransport extends IConnection {
  /** Throws UnsupportedError: Node has no SO_PEERCRED. Guard the door by the path's mode and folder. */
  getPeerCredentials(): never;
  /** Throws UnsupportedError: Node has no SCM_RIGHTS. Relay the bytes, or start the program with the descriptor. */
  sendFileDescriptor(descriptor: number): never;
}

export interface UnixOptions extends QueueLimits {
  /** A path of at most 107 bytes, or on Linux an abstract name that begins with `\0`. */
  readonly path: string;
  /** See StreamOptions. @default 2_000 */
  readonly lingerTime?: number;
}

export interface ConnectUnixOptions extends UnixOptions, AttemptOptions {}

export interface ListenUnixOptions extends UnixOptions, ListenerOptions {
  /** Permissions of the path: who may write it may connect. An abstract name has none. @default 0o600: the owner */
  readonly mode?: number;
}

/**
 * Connect and give the connection to `protocol`, as `connectTcp` does. Rejects with the system's error: `ENOENT` (no
 * such path), `ECONNREFUSED` (nobody listens), `EACCES`; LocalMisuseError for a name that no socket can have.
 */
export async function connectUnix(options: ConnectUnixOptions, protocol?: IProtocol): Promise<IUNIXTransport> {
  checkName(options.path);
  const socket = connect({ path: options.path, allowHalfOpen: true });
  await connected(socket, options);
  return startSocket(socket, protocol, options, { peer: options.path, host: '' });
}

/**
 * Listen, and give each connection to the protocol that `buildProtocol` makes; undefined refuses it. Rejects with
 * `EADDRINUSE` if somebody listens there or another kind of file is in the way, and with the system's other errors.
 */
export async function listenUnix(
  options: ListenUnixOptions,
  buildProtocol: (peer: UnixAddress) => IProtocol | undefined,
): Promise<UnixListener> {
  const { path, backlog, onError, mode = 0o600 } = options;
  checkName(path);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  acceptWith(server, socket => accept(socket, options, buildProtocol), onError);
  if (isAbstract(path)) {
    await listening(server, { path, backlog }, onError);
    return listenerOf(server, unixAddress(path));
  }
  const owned = new SocketPath(path);
  try {
    await listening(server, { path: owned.draft, backlog }, onError);
    await owned.publish(mode);
  } catch (error) {
    owned.remove();
    server.close();
    throw error;
  }
  return listenerOf(server, unixAddress(path), () => owned.remove());
}

class UnixTransport extends StreamTransport implements IUNIXTransport {
  getPeerCredentials(): never {
    throw new UnsupportedError(
      'Node cannot tell who is at the other end of a Unix socket; restrict the path by its mode',
    );
  }

  sendFileDescriptor(_descriptor: number): never {
    throw new UnsupportedError('Node cannot pass descriptors over a Unix socket; relay the bytes instead');
  }
}

function accept(
  socket: Socket,
  options: ListenUnixOptions,
  buildProtocol: (peer: UnixAddress) => IProtocol | undefined,
): void {
  const protocol = buildProtocol(unixAddress(''));
  if (protocol) startSocket(socket, protocol, options, { peer: '', host: options.path });
  else turnAway(socket);
}

function startSocket(
  socket: Socket,
  protocol: IProtocol | undefined,
  options: UnixOptions,
  { peer, host }: { readonly peer: string; readonly host: string },
): UnixTransport {
  const ends = { peer: unixAddress(peer), host: unixAddress(host) };
  const transport = new UnixTransport(socket, { ...options, ...ends });
  if (protocol) transport.start(protocol);
  return transport;
}

const unixAddress = (path: string): UnixAddress => Object.freeze({ kind: 'unix', path });
