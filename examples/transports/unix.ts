/** The same on a path that only its owner can open. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectUnix, listenUnix, TransportDuplex } from 'nacre/transport';

const folder = mkdtempSync(join(tmpdir(), 'example-'));
const path = join(folder, 'door');
const listener = await listenUnix({ path }, () => {
  const stream = new TransportDuplex();
  stream.end('come in\n');
  return stream.resume();
});
console.log('mode', (statSync(path).mode & 0o777).toString(8));

const connection = await connectUnix({ path });
for await (const chunk of connection) process.stdout.write(chunk);
connection.loseConnection();
await listener.close();
rmSync(folder, { recursive: true });
