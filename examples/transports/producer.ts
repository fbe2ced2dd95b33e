/** A producer that stops when it is told to, at a reader that is slow. */
import { loopback, type IPushProducer } from 'nacre/transport';

const [near, far] = loopback(undefined, undefined, { highWaterMark: 1_000 });

const source: IPushProducer & { left: number; paused: boolean } = {
  left: 10,
  paused: false,
  pauseProducing() {
    this.paused = true;
    console.log('paused, with', this.left, 'pieces left');
  },
  resumeProducing() {
    this.paused = false;
    while (!this.paused && this.left > 0) {
      this.left -= 1;
      near.write(Buffer.alloc(300));
    }
    if (this.left === 0) near.unregisterProducer();
  },
  stopProducing() {
    this.paused = true;
  },
};

near.start({ makeConnection: () => undefined, dataReceived: () => undefined, connectionLost: () => undefined });
near.registerProducer(source, true);
source.resumeProducing();
near.loseConnection(); // waits until the producer is unregistered

let received = 0;
for await (const chunk of far) received += chunk.length;
console.log(received, 'bytes, all of them');
