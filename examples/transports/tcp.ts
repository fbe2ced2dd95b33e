/** A server of one line, and a client, over TCP. */
import { connectTcp, listenTcp, TransportDuplex } from 'nacre/transport';

await using listener = await listenTcp({ host: '127.0.0.1', port: 0 }, peer => {
  console.log('a connection from', peer.host);
  const stream = new TransportDuplex();
  stream.end('good evening\n');
  return stream.resume();
});

await using connection = await connectTcp({ host: 'localhost', port: listener.address.port });
const noDelay = connection.getTcpNoDelay();
for await (const chunk of connection) process.stdout.write(chunk);
console.log('no delay:', noDelay);
