/** A telnet server that asks its client for the size of its window, and a client that tells it. */
import {
  connectTcp,
  listenTcp,
  telnet,
  TelnetOption,
  type ITelnetProtocol,
  type ITelnetTransport,
  type TelnetEvent,
} from 'nacre/transport';

class Greeter implements ITelnetProtocol {
  #transport: ITelnetTransport | undefined;

  makeConnection(transport: ITelnetTransport): void {
    this.#transport = transport;
    void transport.do(TelnetOption.NAWS);
  }

  telnetReceived(event: TelnetEvent): void {
    if (event.kind !== 'size') return;
    this.#transport?.write(Buffer.from(`your window has ${event.size.columns} columns\n`));
    this.#transport?.loseConnection();
  }

  dataReceived(): void {}
  connectionLost(): void {}
}

const host = '127.0.0.1';
await using listener = await listenTcp({ host, port: 0 }, () => telnet(new Greeter()));

const size = { columns: 132, rows: 43, widthPixels: 0, heightPixels: 0 };
const client = {
  makeConnection: () => undefined,
  dataReceived: (data: Uint8Array) => process.stdout.write(data),
  connectionLost: () => undefined,
};
await connectTcp({ host, port: listener.address.port }, telnet(client, { size }));
