/** Golden cases of Twisted's TelnetTransport and TelnetBootstrapProtocol, played on ours. */
import { expect, test } from '@jest/globals';
import { playTelnet, type Conversation } from './played/telnet.ts';
import { playSuite } from './suite.ts';
import { telnetDifferences, telnetOmissions } from './telnet-differences.ts';
import { loadCases } from './vectors.ts';

const cases = loadCases<Conversation>('telnet.json').map(each => ({ ...each, on: classOf(each.name) }));

function classOf(name: string): string {
  if (name.startsWith('auth: ')) return 'AuthenticatingTelnetProtocol';
  return name.startsWith('bootstrap: ') ? 'TelnetBootstrapProtocol' : 'TelnetTransport';
}

playSuite({
  cases,
  players: { TelnetTransport: playTelnet, TelnetBootstrapProtocol: playTelnet },
  differences: telnetDifferences,
  counts: {
    TelnetTransport: { match: 71, differ: 38 },
    TelnetBootstrapProtocol: { match: 6, differ: 3 },
  },
});

test('what is not played is listed as what we have not', () => {
  const omitted = cases.filter(({ on }) => on === 'AuthenticatingTelnetProtocol').map(({ name }) => name);
  expect(telnetOmissions.flatMap(omission => omission.cases)).toEqual(omitted);
});
