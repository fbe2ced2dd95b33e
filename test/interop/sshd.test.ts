/**
 * The harness against OpenSSH's own server: what fails here is a mistake in our tests, not in nacre.
 *
 * Quick by default, with OpenSSH's client alone; NACRE_INTEROP_SSHD=1 runs every client and every OpenSSH fact.
 */
import { clientFacts } from './client-facts.ts';
import { has } from './missing.ts';
import { opensshFacts, streamFacts, tailFacts, unreadFacts } from './openssh-streams.ts';
import { terminalFacts } from './openssh-terminal.ts';
import { peers } from './peers.ts';
import { sshd, startSshd } from './sshd.ts';
import { testWhere } from '../support/possible.ts';

const all = process.env['NACRE_INTEROP_SSHD'] === '1';

const isRoot = process.getuid?.() === 0;

if (!isRoot) {
  testWhere(false, 'sshd can give terminals only when root runs it')('the harness, against sshd', () => undefined);
} else if (has(sshd)) {
  clientFacts(startSshd, all ? peers : peers.slice(0, 1));
  if (all) {
    opensshFacts('streams and endings', startSshd, [...streamFacts, ...unreadFacts, ...tailFacts]);
    terminalFacts('a person at a terminal', startSshd);
  }
}
