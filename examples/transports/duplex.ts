/** Any Duplex of Node's as a connection. A PassThrough is the shortest: it says what it is told. */
import { PassThrough } from 'node:stream';
import { fromDuplex } from 'nacre/transport';

const connection = fromDuplex(new PassThrough(), undefined, { peer: { kind: 'memory', name: 'an echo' } });
connection.write(Buffer.from('is anybody there?'));
connection.loseWriteConnection();
for await (const chunk of connection) console.log(Buffer.from(chunk).toString());
console.log('said', connection.getPeer());
