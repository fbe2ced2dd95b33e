/** Connections that never leave memory. */

/** Two ends joined: what one writes, the other receives on a later turn. */
export { loopback, type LoopbackOptions } from './loopback.ts';
/** Two ends joined that move only when they are pumped. */
export { loopbackRelay, type LoopbackRelay } from './loopback-relay.ts';
/** A transport for tests: keeps what is written, lets the test play the peer. */
export { StringTransport, type StringTransportOptions } from './string-transport.ts';
