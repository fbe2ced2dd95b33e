/** Connections through the protocols of the Web. */

/** HTTP/1.1: upgraded connections, tunnels through CONNECT, pairs of bodies. */
export {
  acceptUpgrade,
  connectUpgrade,
  listenUpgrade,
  type ConnectUpgradeOptions,
  type ListenUpgradeOptions,
  type UpgradeEvent,
  type UpgradeOptions,
} from './upgrade.ts';
export {
  acceptTunnel,
  connectTunnel,
  listenTunnel,
  type BuildTunnel,
  type ConnectTunnelOptions,
  type TunnelOptions,
  type TunnelTarget,
} from './tunnel.ts';
export {
  acceptBodies,
  connectBodies,
  listenBodies,
  type BodiesOptions,
  type ConnectBodiesOptions,
  type ListenBodiesOptions,
  type RequestEvent,
} from './bodies.ts';
export type { HttpOptions, ListenHttpOptions, RequestFilter } from './http-options.ts';
export type { ConnectHttpOptions } from './http1-client.ts';
export type { BuildProtocol, HttpListener } from './http1-server.ts';
/** HTTP/2: each stream a connection. */
export { acceptHttp2, listenHttp2, type Http2ServerOptions, type ListenHttp2Options } from './http2-server.ts';
export { connectHttp2, type ConnectHttp2Options, type Http2Client, type OpenStreamOptions } from './http2-client.ts';
export type { Http2Options } from './http2-session.ts';
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
