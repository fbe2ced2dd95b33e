/** A peer that speaks HTTP by hand: what is written goes out as it is, and what comes back is text. */
import { connect, type Socket } from 'node:net';
import { once, type EventEmitter } from 'node:events';
import { closeAfterTest } from '../../support/cleanup.ts';

export async function rawPeer(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  closeAfterTest(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the connection is over, in order or not. */
export const closed = (socket: EventEmitter): Promise<unknown> => new Promise(resolve => socket.once('close', resolve));

/** All that comes until the server ends the connection. */
export async function untilClosed(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (data: Buffer) => chunks.push(data));
  await closed(socket);
  return Buffer.concat(chunks).toString('latin1');
}

/** What comes until `text` has come. */
export async function readUntil(socket: Socket, text: string): Promise<string> {
  let seen = '';
  while (!seen.includes(text)) {
    const [data] = (await once(socket, 'data')) as [Buffer];
    seen += data.toString('latin1');
  }
  return seen;
}

/** Send one request as it stands, and read the answer until the server has closed. */
export async function answerTo(port: number, request: string): Promise<string> {
  const socket = await rawPeer(port);
  const answer = untilClosed(socket);
  socket.end(request, 'latin1');
  return answer;
}
