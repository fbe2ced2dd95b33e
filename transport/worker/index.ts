/** Connections to workers. */

/** A thread's message port. */
export { fromMessagePort, type MessagePortOptions } from './message-port.ts';
