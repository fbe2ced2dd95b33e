/** A protocol: what is done with the bytes. This one answers each line, and knows nothing of how lines travel. */
import { loopback, type CloseReason, type IProtocol, type IStreamTransport } from 'nacre/transport';

class Greeter implements IProtocol {
  #transport: IStreamTransport | undefined;
  #line = '';

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
  }

  dataReceived(data: Uint8Array): void {
    this.#line += Buffer.from(data).toString();
    if (!this.#line.endsWith('\n')) return;
    this.#transport?.write(Buffer.from(`hello, ${this.#line}`));
    this.#transport?.loseConnection();
  }

  connectionLost(reason: CloseReason): void {
    console.log('the greeter is told:', reason.kind);
  }
}

const [near] = loopback(undefined, new Greeter());
near.write(Buffer.from('wor'));
near.write(Buffer.from('ld\n'));
for await (const chunk of near) process.stdout.write(chunk);
