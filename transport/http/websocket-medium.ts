/**
 * How a WebSocket moves bytes: by plain binary messages, or by frames with credits.
 *
 * Close codes become reasons: 1000 and 1001 (and none, 1005) are an orderly end, everything else is `lost` with the
 * code. Source: RFC 6455 §7.4.
 */
import type { WebSocket } from 'ws';
import { done } from '../close-reason.ts';
import type { Carrier, CreditMedium } from '../credits/credit-medium.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';

const orderlyCodes = new Set([1000, 1001, 1005]);

const closedBy = (code: number, reason: string): Error =>
  Object.assign(new Error(`the web socket was closed with code ${code}${reason && `: ${JSON.stringify(reason)}`}`), {
    code: `WS_${code}`,
  });

/** One binary message for each batch; the socket is paused where the protocol is. */
export class PlainMedium implements Medium {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  listen(endpoint: Endpoint): void {
    const socket = this.#socket;
    socket.pause();
    onMessage(socket, data => endpoint.received(data));
    socket.on('error', error => endpoint.ended({ kind: 'lost', error }));
    socket.on('close', (code, reason) => {
      if (orderlyCodes.has(code)) endpoint.receivedClose(done);
      else endpoint.ended({ kind: 'lost', error: closedBy(code, reason.toString()) });
    });
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#socket.send(Buffer.concat(chunks), error => {
      if (!error) taken(); // otherwise the socket closes, and says why
    });
  }

  /** WebSocket has no half-close: the peer is not told, and may go on sending. */
  sendEof(sent: () => void): void {
    queueMicrotask(sent);
  }

  startReading(): void {
    this.#socket.resume();
  }

  stopReading(): void {
    this.#socket.pause();
  }

  close(): void {
    this.#socket.resume();
    this.#socket.close(1000);
  }

  destroy(): void {
    this.#socket.terminate();
  }
}

/** Frames as binary messages. */
export class WebSocketCarrier implements Carrier {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  post(frame: Uint8Array): void {
    this.#socket.send(frame, () => undefined); // a failure closes the socket, which says why
  }

  close(): void {
    this.#socket.close(1000);
  }

  destroy(): void {
    this.#socket.terminate();
  }
}

export function listenToCredits(socket: WebSocket, medium: CreditMedium, endpoint: Endpoint): void {
  onMessage(socket, data => medium.messageReceived(data));
  socket.on('error', error => medium.carrierLost(error));
  socket.on('close', (code, reason) => medium.carrierLost(closedBy(code, reason.toString())));
  medium.listen(endpoint);
}

/** Text is refused with 1003, "unsupported data". */
function onMessage(socket: WebSocket, take: (data: Uint8Array) => void): void {
  socket.on('message', (data, isBinary) => {
    if (!isBinary || !(data instanceof Uint8Array)) socket.close(1003, 'binary messages only');
    else take(data);
  });
}
