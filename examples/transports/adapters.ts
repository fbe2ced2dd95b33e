/** One connection as a Duplex for pipeline, another as Web Streams. */
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { loopback, toDuplex, toWebStreams } from 'nacre/transport';

const [near, far] = loopback();
const { writable } = toWebStreams(far);
const writer = writable.getWriter();
void writer.write(Buffer.from('packed and unpacked\n'));
void writer.close(); // resolves when the other end has read it

await pipeline(toDuplex(near), createGzip(), createGunzip(), async texts => {
  for await (const text of texts as AsyncIterable<Buffer>) process.stdout.write(text);
});
