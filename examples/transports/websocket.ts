/** A WebSocket between two ends of nacre: with credits it has half-close, as TCP has. */
import { connectWebSocket, listenWebSocket, type IProtocol, type IStreamTransport } from 'nacre/transport';

class Echo implements IProtocol {
  #transport: IStreamTransport | undefined;

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
  }

  dataReceived(data: Uint8Array): void {
    this.#transport?.write(data);
  }

  connectionLost(): void {
    this.#transport = undefined;
  }
}

await using listener = await listenWebSocket({ host: '127.0.0.1', port: 0 }, () => new Echo());
const url = `ws://127.0.0.1:${listener.address.port}/`;
const connection = await connectWebSocket({ url, credits: true });
connection.write(Buffer.from('there and back'));
connection.loseWriteConnection();

let heard = '';
for await (const chunk of connection) heard += Buffer.from(chunk).toString();
console.log(heard);
