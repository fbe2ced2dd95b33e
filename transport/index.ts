/** Bytes between two ends: the contract, and every transport that knows nothing of SSH. */

/** What a connection can do, and what it promises. */
export type {
  IAbortable,
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
export { addressText, type Address } from './address.ts';
/** Why a connection ended. */
export { aborted, closeReasonText, done, type CloseReason, type ExitStatus } from './close-reason.ts';
/** What can be thrown or handed over, by whose fault it is. */
export {
  ConfigError,
  errorCodes,
  IncompatibleLibraryError,
  LocalMisuseError,
  RemoteProtocolError,
  SpawnError,
  type ErrorCode,
} from './errors.ts';
/** A bag of things to release together. */
export { Disposables } from './disposables.ts';
/** To write a transport of your own: a medium of a few lines under an endpoint. */
export { Endpoint, queueDefaults, type Medium } from './endpoint.ts';
/** TCP, both ways. */
export {
  connectTcp,
  listenTcp,
  type ConnectTcpOptions,
  type ListenTcpOptions,
  type TcpAddress,
  type TcpListener,
  type TcpOptions,
} from './tcp.ts';
/** Any Node Duplex. */
export { fromDuplex, type StreamOptions } from './stream.ts';
/** Two ends in memory. */
export { loopback } from './loopback.ts';
/** Two transports joined. */
export { relay } from './relay.ts';
/** Programs on pipes, and on a pseudo-terminal. */
export { spawnPipes } from './process/pipes.ts';
export { spawnPty, type Terminal } from './process/pty.ts';
export type { Program } from './process/program.ts';
/** A transport for tests: keeps what is written, lets the test play the peer. */
export { StringTransport, type StringTransportOptions } from './string-transport.ts';
