/** Transfers over what carries messages: WebSocket and message ports, with nacre and without. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { connectWebSocket, fromMessagePort, listenWebSocket } from 'nacre/transport';
import { WebSocket, WebSocketServer } from 'ws';
import { chunk, Sink, Source } from './ends.ts';

const host = '127.0.0.1';

export const overWebSocket = (credits: boolean) => async (bytes: number) => {
  const source = new Source(bytes, credits ? 'half-close' : 'close');
  const sink = new Sink(bytes);
  await using listener = await listenWebSocket({ host, port: 0 }, () => sink);
  const url = `ws://${host}:${listener.address.port}/`;
  await connectWebSocket({ url, credits }, source);
  await Promise.all([source.ended, sink.ended]);
};

/** What a careful program does by hand: messages of one chunk, the next when the last has been handed to the kernel. */
export async function overBareWebSocket(bytes: number): Promise<void> {
  const server = new WebSocketServer({ host, port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const received = once(server, 'connection').then(async ([socket]: WebSocket[]) => {
    let missing = bytes;
    socket?.on('message', (data: Buffer) => (missing -= data.length));
    if (socket) await once(socket, 'close');
    if (missing !== 0) throw new Error(`${missing} bytes are missing`);
  });
  const socket = new WebSocket(`ws://${host}:${(server.address() as AddressInfo).port}/`, { perMessageDeflate: false });
  await once(socket, 'open');
  for (let left = bytes; left > 0; left -= chunk.length) {
    await new Promise(sent => socket.send(chunk, { binary: true }, sent));
  }
  socket.close();
  await received;
  server.close();
}

export async function overMessagePort(bytes: number): Promise<void> {
  const source = new Source(bytes);
  const sink = new Sink(bytes);
  const { port1, port2 } = new MessageChannel();
  fromMessagePort(port1, source);
  fromMessagePort(port2, sink);
  await Promise.all([source.ended, sink.ended]);
}

/** Without a limit: everything is posted at once, as ports allow, and waits in memory. */
export async function overBareMessagePort(bytes: number): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let missing = bytes;
  port2.on('message', (data: Uint8Array) => (missing -= data.length));
  for (let left = bytes; left > 0; left -= chunk.length) {
    const copy = new Uint8Array(chunk);
    port1.postMessage(copy, [copy.buffer]);
  }
  port1.close();
  await once(port2, 'close');
  if (missing !== 0) throw new Error(`${missing} bytes are missing`);
}
