/** What HTTP transports know of the socket under them: who is at its ends, and how to let go of it at once. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { tcpAddress, type Address } from '../address.ts';

interface Ends {
  readonly peer: Address;
  readonly host: Address;
}

const unnamed: Address = Object.freeze({ kind: 'pipe', name: 'http' });

/** The addresses of both ends; a stream that is no network socket has none, and is named. */
export function endsOf(socket: Duplex): Ends {
  if (!(socket instanceof Socket)) return { peer: unnamed, host: unnamed };
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return { peer: addressOr(unnamed, remoteAddress, remotePort), host: addressOr(unnamed, localAddress, localPort) };
}

const addressOr = (otherwise: Address, host: string | undefined, port: number | undefined): Address =>
  host === undefined ? otherwise : tcpAddress(host, port);

/** A reset where the medium has one, so that the peer can tell it from an end; TLS and Unix sockets have none. */
export function cut(socket: Duplex): void {
  const isTcp = socket instanceof Socket && !('encrypted' in socket) && 'port' in socket.address();
  if (isTcp) socket.resetAndDestroy();
  else socket.destroy();
}
