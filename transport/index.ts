/** Bytes between two ends: the contract, and every transport that knows nothing of SSH. */

/** What a connection can do, and what it promises. */
export type {
  IAbortable,
  IChildDescriptorProtocol,
  IConnection,
  IConsumer,
  IHalfCloseable,
  IHalfCloseableProtocol,
  IProcessProtocol,
  IProcessTransport,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IResizable,
  IStreamTransport,
  ITransport,
  QueueLimits,
  TerminalSize,
} from './contracts.ts';
/** Who is at each end. */
export { addressText, type Address, type TcpAddress } from './address.ts';
/** Why a connection ended. */
export { aborted, closeReasonText, done, type CloseReason, type ExitStatus } from './close-reason.ts';
/** What can be thrown or handed over, by whose fault it is. */
export {
  ConfigError,
  ConnectionLostError,
  errorCodes,
  IncompatibleLibraryError,
  LocalMisuseError,
  RemoteProtocolError,
  SpawnError,
  UnsupportedError,
  type ErrorCode,
} from './errors.ts';
/** A bag of things to release together. */
export { Disposables } from './disposables.ts';
/** To write a transport of your own: a medium of a few lines under an endpoint. */
export { Endpoint, queueDefaults } from './endpoint.ts';
export type { Medium } from './medium.ts';
/** Any Node Duplex; and two transports joined. */
export { fromDuplex, type StreamOptions } from './stream.ts';
export { relay } from './relay.ts';
/** Connections as streams, and streams as connections; connections that never leave memory. */
export * from './adapters/index.ts';
export * from './memory/index.ts';
/** TCP and Unix sockets. */
export * from './sockets/index.ts';
/** Descriptors, files, and standard input and output. */
export * from './files/index.ts';
/** HTTP and WebSocket. */
export * from './http/index.ts';
/** Telnet over any of them. */
export * from './telnet/index.ts';
/** Workers. */
export * from './worker/index.ts';
/** Programs, on pipes and on a pseudo-terminal. */
export * from './process/index.ts';
