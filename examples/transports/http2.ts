/** Many connections in one: streams of HTTP/2, begun by POST and by the extended CONNECT. */
import { connectHttp2, listenHttp2, type IProtocol, type IStreamTransport } from 'nacre/transport';

/** Says which stream it is, and closes. */
class Greeter implements IProtocol {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  makeConnection(transport: IStreamTransport): void {
    transport.write(Buffer.from(`hello from ${this.#name}`));
    transport.loseConnection();
  }

  dataReceived(): void {}
  connectionLost(): void {}
}

const options = { host: '127.0.0.1', port: 0, protocols: ['greeting'] };
await using listener = await listenHttp2(
  options,
  (_peer, headers) => new Greeter(headers[':protocol'] === undefined ? 'a stream' : 'an extended CONNECT'),
);

await using client = await connectHttp2({ url: `http://127.0.0.1:${listener.address.port}/` });
for (const stream of [await client.open(), await client.open({ protocol: 'greeting' })]) {
  let heard = '';
  for await (const chunk of stream) heard += Buffer.from(chunk).toString();
  console.log(heard);
}
