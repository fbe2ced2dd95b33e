/**
 * A `MessagePort` as a connection: between a worker and who started it, or the two ends of a `MessageChannel`.
 *
 * Ports deliver whatever is posted, so the bytes move by credit (credits/): a slow reader stops the writer at the other
 * end, and neither thread's memory grows. Both ends must be of this file. A port that closes without a word, as when
 * its worker ends, is `lost`. Each frame is a copy of its own, so that its buffer can be handed over.
 * It replaces Twisted's LocalWorkerTransport where the worker is a thread. Source: Node 20 documentation, "worker_threads".
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol, QueueLimits } from '../contracts.ts';
import { CreditMedium, type Carrier, type CreditOptions } from '../credits/credit-medium.ts';
import { Endpoint } from '../endpoint.ts';

export interface MessagePortOptions extends QueueLimits, CreditOptions {
  /** What `getPeer` answers. @default memory named "message port" */
  readonly peer?: Address;
  /** What `getHost` answers. @default memory named "message port" */
  readonly host?: Address;
}

const unnamed: Address = Object.freeze({ kind: 'memory', name: 'message port' });

/**
 * Give `port` to `protocol`, or make it a connection that waits for one. It owns the port, or, of a Worker, its message
 * channel: an orderly end leaves the worker running, an abort terminates it.
 */
export function fromMessagePort(
  port: MessagePort | Worker,
  protocol?: IProtocol,
  { peer = unnamed, host = unnamed, window, ...limits }: MessagePortOptions = {},
): IConnection {
  const medium = new CreditMedium(new PortCarrier(port), window === undefined ? {} : { window });
  const endpoint = new Endpoint(medium, { peer, host }, limits);
  listen(port, medium, endpoint);
  if (protocol) endpoint.start(protocol);
  return endpoint;
}

class PortCarrier implements Carrier {
  readonly #port: MessagePort | Worker;

  constructor(port: MessagePort | Worker) {
    this.#port = port;
  }

  post(frame: Uint8Array): void {
    this.#port.postMessage(frame, frame.buffer instanceof ArrayBuffer ? [frame.buffer] : []);
  }

  /** What was posted is delivered before the port closes (`port.close` in Node's documentation). */
  close(): void {
    if ('close' in this.#port) this.#port.close();
    else this.#port.unref();
  }

  destroy(): void {
    if ('close' in this.#port) this.#port.close();
    else void this.#port.terminate();
  }
}

function listen(port: MessagePort | Worker, medium: CreditMedium, endpoint: Endpoint): void {
  const lost = (why: string): void => medium.carrierLost(new Error(why));
  port.on('message', (message: unknown) => {
    medium.messageReceived(message instanceof Uint8Array ? message : new Uint8Array());
  });
  port.on('messageerror', error => medium.carrierLost(error));
  if ('close' in port) {
    port.on('close', () => lost('the other end of the message port was closed'));
  } else {
    port.on('error', error => medium.carrierLost(error));
    port.on('exit', code => lost(`the worker ended with code ${code}`));
  }
  medium.listen(endpoint);
}
