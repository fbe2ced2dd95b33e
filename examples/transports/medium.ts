/** A transport of one's own: the medium moves bytes, the Endpoint keeps the promises. This one turns bytes around. */
import { done, Endpoint, type Address, type Medium } from 'nacre/transport';

class Mirror implements Medium {
  endpoint: Endpoint | undefined;

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    setImmediate(() => {
      for (const chunk of chunks) this.endpoint?.received(chunk);
      taken();
    });
  }

  sendEof(sent: () => void): void {
    setImmediate(() => {
      sent();
      this.endpoint?.receivedClose(done);
    });
  }

  startReading(): void {
    // It has nothing to hold back: what arrives while the protocol is paused waits in the endpoint.
  }

  stopReading(): void {
    // The same.
  }

  close(): void {
    this.endpoint = undefined;
  }

  destroy(): void {
    this.endpoint = undefined;
  }
}

const address: Address = { kind: 'memory', name: 'a mirror' };
const mirror = new Mirror();
const connection = (mirror.endpoint = new Endpoint(mirror, { peer: address, host: address }));

connection.write(Buffer.from('who is there?'));
connection.loseWriteConnection();
for await (const chunk of connection) console.log(Buffer.from(chunk).toString());
