/** A socket that has left HTTP behind, as a connection: what came early is put back in front of it. */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IConnection, IProtocol } from '../contracts.ts';
import { StreamTransport } from '../stream.ts';
import { httpDefaults, type HttpOptions } from './http-options.ts';
import { closeWhenIdle } from './idle.ts';
import { cut, endsOf } from './http-socket.ts';

/** `head` holds the bytes that Node had read beyond the request or the answer. */
export function socketConnection(
  socket: Duplex,
  head: Uint8Array,
  protocol: IProtocol | undefined,
  options: HttpOptions,
): IConnection {
  if (head.length > 0 && !socket.destroyed) socket.unshift(head);
  const { lingerTime } = { ...httpDefaults, ...options };
  const transport = new StreamTransport(socket, { ...options, lingerTime, ...endsOf(socket), drop: cut });
  if (socket instanceof Socket) closeWhenIdle(socket, transport, options);
  if (protocol) transport.start(protocol);
  return transport;
}
