/** Three ways through HTTP/1.1: an upgraded connection, a tunnel through CONNECT, and a pair of bodies. */
import {
  connectBodies,
  connectTunnel,
  connectUpgrade,
  listenBodies,
  listenTunnel,
  listenUpgrade,
  type HttpListener,
  type IProtocol,
  type IStreamTransport,
} from 'nacre/transport';

/** Sends back what it hears, in capitals. */
class Shout implements IProtocol {
  #transport: IStreamTransport | undefined;

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
  }

  dataReceived(data: Uint8Array): void {
    this.#transport?.write(Buffer.from(Buffer.from(data).toString().toUpperCase()));
  }

  connectionLost(): void {
    this.#transport = undefined;
  }
}

const here = { host: '127.0.0.1', port: 0 };
const shout = (): IProtocol => new Shout();
const urlOf = ({ address }: HttpListener): string => `http://127.0.0.1:${address.port}/`;

await using upgrades = await listenUpgrade({ ...here, token: 'shout/1' }, shout);
await using tunnels = await listenTunnel(here, ({ host }) => (host === 'shout.example' ? shout() : undefined));
await using bodies = await listenBodies(here, shout);

const connections = [
  await connectUpgrade({ url: urlOf(upgrades), token: 'shout/1' }),
  await connectTunnel({ url: urlOf(tunnels), target: 'shout.example:7' }),
  await connectBodies({ url: urlOf(bodies) }),
];
for (const connection of connections) {
  connection.write(Buffer.from('hello'));
  connection.loseWriteConnection();
  let heard = '';
  for await (const chunk of connection) heard += Buffer.from(chunk).toString();
  console.log(heard);
}

const refused = await connectTunnel({ url: urlOf(tunnels), target: 'other.example:7' }).catch((error: Error) => error);
if (refused instanceof Error) console.log(refused.message);
