/** OpenSSH's client against nacre, in depth: long streams, short tails, endings, and a person at a terminal. */
import { startLibraryServer, startServer } from './nacre-server.ts';
import { inputFacts, opensshFacts, streamFacts, tailFacts, unreadFacts } from './openssh-streams.ts';
import { terminalFacts } from './openssh-terminal.ts';

opensshFacts('streams and endings', startServer, [...streamFacts, ...inputFacts]);
opensshFacts('while the event loop is kept busy 40 ms at a time', () => startLibraryServer({ busy: 40 }), tailFacts);
opensshFacts('broken pipes', () => startLibraryServer({ software: 'OpenSSH_nacre' }), unreadFacts);
terminalFacts('a person at a terminal', startServer);
