/** Our client end against our own server and the servers of others: OpenSSH's and asyncssh's. */
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { asyncssh, startAsyncssh } from './asyncssh.ts';
import { has, type Needed } from './missing.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { startServer } from './nacre-server.ts';
import { sessionsHold, type ServerFacts } from './session-worlds.ts';
import { sshd, startSshd } from './sshd.ts';

interface Row extends ServerFacts {
  readonly needed: Needed;
  readonly start: () => Promise<RunningServer>;
  /** A connection costs sshd ten times what it costs asyncssh. */
  readonly runs: number;
}

const rows: Row[] = [
  { needed: sshd, start: startSshd, runs: 8, tellsTheClosed: true },
  {
    needed: { name: 'nacre', packages: '', isInstalled: () => true },
    start: startServer,
    runs: 20,
    tellsTheClosed: true,
  },
  // asyncssh 2.10 goes on with CHANNEL_DATA between its KEXINIT and its NEWKEYS.
  { needed: asyncssh, start: startAsyncssh, runs: 20, tellsTheClosed: false },
];

for (const { needed, start, runs, ...facts } of rows) {
  describe(`sessions of our client at ${needed.name}`, () => {
    if (!has(needed)) return;
    let server: RunningServer;
    beforeAll(async () => void (server = await start()), startDeadline);
    afterAll(() => server.close());

    test('lose nothing and end in order, in any world', () => sessionsHold(server, runs, facts), 120_000);
  });
}
