/** Connections through the protocols of the Web. */

/** WebSocket, both ways. */
export {
  connectWebSocket,
  fromWebSocket,
  listenWebSocket,
  type ConnectWebSocketOptions,
  type ListenWebSocketOptions,
  type WebSocketListener,
} from './websocket.ts';
export type { FromWebSocketOptions, WebSocketOptions } from './websocket-options.ts';
