/** A child process at the other end of a connection. This file is both. */
import { fileURLToPath } from 'node:url';
import { parentConnection, spawnWorker } from 'nacre/transport';

if (process.argv[2] === 'worker') {
  const parent = parentConnection();
  for await (const chunk of parent) {
    parent.write(Buffer.from(chunk).reverse());
    parent.loseConnection();
  }
} else {
  const worker = spawnWorker({ file: fileURLToPath(import.meta.url), args: ['worker'] });
  worker.write(Buffer.from('stressed'));
  for await (const chunk of worker) console.log(Buffer.from(chunk).toString());
  worker.loseConnection();
  console.log('status', (await worker.exited).code);
}
