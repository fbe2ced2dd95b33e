/**
 * nacre as the bench runs it: what `nacre serve` serves, without limits on how often one client may come.
 *
 * usage: nacre-server.js HOST-KEY AUTHORIZED-KEYS PORT host|direct|native MIB
 * `MIB` are put on its heap first, as a server with much to remember has them.
 */
import { readFileSync } from 'node:fs';
import { loadHostKey } from '../keys/index.ts';
import { listen, runPrograms } from '../server/index.ts';
import { directPrograms, startProcessHost, type ProgramRunner } from '../transport/index.ts';
import { takeShortSlices } from '../transport/short-slice.ts';
import { ballast } from './ballast.ts';

const [hostKeyFile = '', authorizedKeysFile = '', port = '', programs = '', more = ''] = process.argv.slice(2);
const authorized = Buffer.from(readFileSync(authorizedKeysFile, 'utf8').split(' ')[1] ?? '', 'base64');

const kept = ballast(Number(more));
process.once('exit', () => kept.length); // so that it is not collected

const runners: Readonly<Record<string, () => Promise<ProgramRunner>>> = {
  direct: () => Promise.resolve(directPrograms),
  host: () => startProcessHost(),
  native: () => Promise.resolve(directPrograms),
};

takeShortSlices();
await listen(
  {
    listen: [{ host: '127.0.0.1', port: Number(port) }],
    hostKeys: [await loadHostKey(hostKeyFile)],
    authorize: (_user, key) => authorized.equals(key.blob),
    maxSessions: 1_000,
  },
  runPrograms(undefined, await runners[programs]?.()),
);
