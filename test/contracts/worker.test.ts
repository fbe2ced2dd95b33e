/** Every transport to workers, held to the contract. */
import { MessageChannel } from 'node:worker_threads';
import { fromMessagePort } from '../../transport/worker/message-port.ts';
import { transportContract } from './transport.ts';

transportContract('a message port', (near, far, limits) => {
  const { port1, port2 } = new MessageChannel();
  fromMessagePort(port1, near, limits);
  fromMessagePort(port2, far, limits);
});
