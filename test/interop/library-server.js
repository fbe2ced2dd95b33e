/**
 * A server made with the built library, in a process of its own: /bin/sh in a home that is given, so that no setting
 * of the machine decides a test, and an event loop that is kept busy.
 *
 * usage: library-server.js HOST-KEY AUTHORIZED-KEY HOME ALGORITHMS BUSY-MILLISECONDS [SOFTWARE-VERSION]
 */
import { readFileSync } from 'node:fs';
import { loadHostKey } from '../../dist/keys/index.js';
import { listen, runPrograms, servingAccount } from '../../dist/server/index.js';

const [, , hostKeyFile, authorizedKeyFile, home, algorithms, busy, software] = process.argv;
const authorized = Buffer.from(readFileSync(authorizedKeyFile, 'utf8').split(' ')[1], 'base64');

/** Between any two things that happen, nothing happens for so long. */
function keepBusy(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
  setTimeout(keepBusy, 1, milliseconds);
}

await listen(
  {
    listen: [{ host: '127.0.0.1', port: 0 }],
    hostKeys: [await loadHostKey(hostKeyFile)],
    algorithms,
    ...(software ? { softwareVersion: software } : {}),
    authorize: (_user, key) => authorized.equals(key.blob),
    onEvent: event => process.stdout.write(`${JSON.stringify(event)}\n`),
  },
  runPrograms({ ...servingAccount(), home, shell: '/bin/sh' }),
);
if (Number(busy) > 0) keepBusy(Number(busy));
