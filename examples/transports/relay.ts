/** Join two connections: here a TCP port to a loopback, as a forwarding does. */
import { connectTcp, listenTcp, loopback, relay } from 'nacre/transport';

const [service, inside] = loopback();
const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, () => {
  const [outer, inner] = relay();
  inside.start(inner);
  return outer;
});

const client = await connectTcp({ host: '127.0.0.1', port: listener.address.port });
client.write(Buffer.from('through both'));
client.loseConnection();
for await (const chunk of service) console.log(Buffer.from(chunk).toString());
service.loseConnection();
await listener.close();
