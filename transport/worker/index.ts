/** Connections to workers. */

/** A thread's message port. */
export { fromMessagePort, type MessagePortOptions } from './message-port.ts';
/** A child process: the parent's side and the worker's. */
export { parentConnection, spawnWorker, type IWorkerTransport, type WorkerOptions } from './child-worker.ts';
