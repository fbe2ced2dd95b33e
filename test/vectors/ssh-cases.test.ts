/** Golden cases of Twisted Conch's SSHChannel, SSHConnection and SSHSession, played on ours. */
import { playChannel, type ChannelScript } from './played/ssh-channel.ts';
import { playConnection, type ConnectionScript } from './played/ssh-connection.ts';
import { playSession } from './played/ssh-session.ts';
import { sshDifferences } from './ssh-differences.ts';
import { playSuite } from './suite.ts';
import { loadCases } from './vectors.ts';

playSuite({
  cases: loadCases<ChannelScript & ConnectionScript>('transport.json'),
  players: { SSHChannel: playChannel, SSHConnection: playConnection, SSHSession: playSession },
  differences: sshDifferences,
  counts: {
    SSHChannel: { match: 42, differ: 48 },
    SSHConnection: { match: 36, differ: 20 },
    SSHSession: { match: 9, differ: 22 },
  },
});
