/** WebSocket, held to the contract: as browsers speak it, and with credits. */
import { EventEmitter, once } from 'node:events';
import { connectWebSocket, listenWebSocket } from '../../transport/http/websocket.ts';
import { transportContract } from './transport.ts';
import type { Connect } from './transport/lab.ts';

const over =
  (credits: boolean): Connect =>
  async (near, far, limits) => {
    const accepted = new EventEmitter();
    await using listener = await listenWebSocket({ host: '127.0.0.1', port: 0, ...limits }, () => {
      queueMicrotask(() => accepted.emit('connection'));
      return far;
    });
    const url = `ws://127.0.0.1:${listener.address.port}/`;
    await Promise.all([once(accepted, 'connection'), connectWebSocket({ url, credits, ...limits }, near)]);
  };

transportContract('a WebSocket with credits', over(true));
transportContract('a plain WebSocket', over(false), { halfClose: false });
