/** Connections as Node and the Web know streams, and such streams as connections. */

/** A connection as a Node Duplex; and a Duplex that is a protocol. */
export { toDuplex, TransportDuplex, type DuplexOptions } from './duplex.ts';
/** A connection as Web Streams. */
export { toWebStreams, type WebStreams } from './web-streams.ts';
/** Web Streams as a connection. */
export { fromWebStreams, type FromWebStreamsOptions } from './from-web-streams.ts';
