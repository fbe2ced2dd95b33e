/** Notices a WebSocket peer that has gone without a word: ping, and end it if no pong came (RFC 6455 §5.5.2). */
import type { WebSocket } from 'ws';

export function keepAlive(socket: WebSocket, interval: number): void {
  if (interval === 0) return;
  let answered = true;
  const beat = setInterval(() => {
    if (socket.isPaused) return;
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval).unref();
  socket.on('pong', () => (answered = true));
  socket.on('close', () => clearInterval(beat));
}
