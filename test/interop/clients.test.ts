/** Every SSH client of a Debian machine against nacre: shell, command, exit code, signal, streams, binary data. */
import { describe } from '@jest/globals';
import { clientFacts } from './client-facts.ts';
import { startLibraryServer, startServer } from './nacre-server.ts';
import { newerDbclient, peers } from './peers.ts';

describe('nacre serve', () => {
  clientFacts(
    startServer,
    [...peers, newerDbclient].filter(peer => peer.algorithms === 'modern'),
  );
});

describe('a server with the compatible algorithms', () => {
  clientFacts(
    () => startLibraryServer({ algorithms: 'compatible' }),
    peers.filter(peer => peer.algorithms === 'compatible'),
  );
});
