/** Our client end against the servers of others: OpenSSH's and asyncssh's. */
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { asyncssh, startAsyncssh } from './asyncssh.ts';
import { has, type Needed } from './missing.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { sessionsHold } from './session-worlds.ts';
import { sshd, startSshd } from './sshd.ts';

interface Row {
  readonly needed: Needed;
  readonly start: () => Promise<RunningServer>;
  /** A connection costs sshd ten times what it costs asyncssh. */
  readonly runs: number;
}

const rows: Row[] = [
  { needed: sshd, start: startSshd, runs: 8 },
  // asyncssh 2.10 goes on with CHANNEL_DATA between its KEXINIT and its NEWKEYS.
  { needed: asyncssh, start: startAsyncssh, runs: 20 },
];

for (const { needed, start, runs } of rows) {
  describe(`sessions of our client at ${needed.name}`, () => {
    if (!has(needed)) return;
    let server: RunningServer;
    beforeAll(async () => void (server = await start()), startDeadline);
    afterAll(() => server.close());

    test('lose nothing and end in order, in any world', () => sessionsHold(server, runs), 60_000);
  });
}
