/** A message port of a thread, or of a browser's page, as a connection. */
import { MessageChannel } from 'node:worker_threads';
import { fromMessagePort } from 'nacre/transport';

const { port1, port2 } = new MessageChannel();
const here = fromMessagePort(port1);
const there = fromMessagePort(port2);

here.write(Buffer.from('through a port'));
here.loseConnection();
for await (const chunk of there) console.log(Buffer.from(chunk).toString());
