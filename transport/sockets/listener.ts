/**
 * What listening sockets have in common: accept or refuse each connection, go on whatever one of them does, and close.
 *
 * A connection that cannot be given a protocol is turned away, and `onError` hears why; listening goes on.
 */
import type { ListenOptions, Server, Socket } from 'node:net';
import type { Address } from '../address.ts';
import { asError } from '../errors.ts';
import { warnOfListener } from '../warnings.ts';

export interface ListenerOptions {
  /** Connections the kernel may hold before we accept them. @default 511 (Node) */
  readonly backlog?: number;
  /** Told when a connection could not be accepted or given a protocol; listening goes on. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface Listener<Where extends Address> extends AsyncDisposable {
  /** Where it listens. */
  readonly address: Where;
  /** Stop listening. Connections already made go on. Safe to repeat. */
  close(): Promise<void>;
}

/** Hand each socket to `accept`; one for which it throws is turned away. */
export function acceptWith(server: Server, accept: (socket: Socket) => void, onError = warnOfListener): void {
  server.on('connection', socket => {
    try {
      accept(socket);
    } catch (error) {
      turnAway(socket);
      onError(asError(error));
    }
  });
}

/** Resolves when `server` listens, and from then on tells `onError`; rejects with the system's error. */
export function listening(server: Server, options: ListenOptions, onError = warnOfListener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve();
    });
  });
}

/** The listener that callers get; `whenClosed` runs once, before the socket is given up. */
export function listenerOf<Where extends Address>(
  server: Server,
  address: Where,
  whenClosed = (): void => undefined,
): Listener<Where> {
  const close = (): Promise<void> => {
    if (server.listening) whenClosed();
    server.close();
    return Promise.resolve();
  };
  return { address, close, [Symbol.asyncDispose]: close };
}

/** Refuse: a TCP peer's connection is reset, and one on a Unix socket, which has no reset, is closed. */
export function turnAway(socket: Socket): void {
  socket.on('error', () => undefined);
  if ('port' in socket.address()) socket.resetAndDestroy();
  else socket.destroy();
}
