/**
 * nacre as the bench runs it: what `nacre serve` serves, without limits on how often one client may come.
 *
 * usage: nacre-server.js HOST-KEY AUTHORIZED-KEYS PORT
 */
import { readFileSync } from 'node:fs';
import { loadHostKey } from '../keys/index.ts';
import { listen, runPrograms } from '../server/index.ts';

const [hostKeyFile = '', authorizedKeysFile = '', port = ''] = process.argv.slice(2);
const authorized = Buffer.from(readFileSync(authorizedKeysFile, 'utf8').split(' ')[1] ?? '', 'base64');

await listen(
  {
    listen: [{ host: '127.0.0.1', port: Number(port) }],
    hostKeys: [await loadHostKey(hostKeyFile)],
    authorize: (_user, key) => authorized.equals(key.blob),
    maxSessions: 1_000,
  },
  runPrograms(),
);
