/** Admission: who gets a place, in which order the questions are asked, and what is remembered. */
import { describe, expect, test } from '@jest/globals';
import { Admission, type Place } from '../../../server/admission/admission.ts';
import { NetworkList } from '../../../server/admission/networks.ts';
import { resolveAdmission, type AdmissionOptions } from '../../../server/admission/options.ts';
import type { Refusal } from '../../../server/admission/refusals.ts';
import type { Address } from '../../../transport/address.ts';

const at = (host: string): Address => ({ kind: 'tcp', host, port: 50_000 });
const ada = at('192.0.2.1');
const bob = at('192.0.2.2');

function open(options: AdmissionOptions = {}, { random = 0.999, exempt = [] as string[] } = {}) {
  const penalised: string[] = [];
  const clock = { now: 0 };
  const admission = new Admission(
    resolveAdmission(options),
    {
      random: () => random,
      now: () => clock.now,
      penalised: (source, { cause, left }) => void penalised.push(`${source} ${cause} ${left}`),
    },
    [new NetworkList('exempt', exempt)],
  );
  return { admission, clock, penalised };
}

function place(answer: Place | Refusal): Place {
  if ('reason' in answer) throw new Error(`refused: ${answer.reason}`);
  return answer;
}

const few = { startups: { begin: 2, full: 2 } };

describe('connections that have not logged in', () => {
  test('are limited, and logging in makes room', () => {
    const { admission } = open(few);
    const first = place(admission.admit(ada));
    place(admission.admit(bob));
    expect(admission.admit(bob)).toEqual({ reason: 'startups', source: '192.0.2.2' });
    first.loggedIn();
    place(admission.admit(bob));
    expect(admission.admit(bob)).toMatchObject({ reason: 'startups' });
  });

  test('leaving makes room once, whether or not it logged in', () => {
    const { admission } = open(few);
    const [first, second] = [place(admission.admit(ada)), place(admission.admit(ada))];
    first.loggedIn();
    first.loggedIn();
    first.leave();
    second.leave();
    expect(admission.connections).toBe(0);
    for (let n = 0; n < 2; n++) place(admission.admit(ada));
    expect(admission.admit(ada)).toMatchObject({ reason: 'startups' });
  });

  test('are drawn by lot before the limit', () => {
    const startups = { begin: 1, rate: 30, full: 100 };
    const unlucky = open({ startups }, { random: 0.29 }).admission;
    place(unlucky.admit(ada));
    expect(unlucky.admit(ada)).toMatchObject({ reason: 'startups' });
    const lucky = open({ startups }, { random: 0.31 }).admission;
    place(lucky.admit(ada));
    place(lucky.admit(ada));
  });

  test('of one source are limited, and another source does not notice', () => {
    const { admission } = open({ source: { maxStartups: 1 } });
    const first = place(admission.admit(ada));
    expect(admission.admit(ada)).toEqual({ reason: 'source-startups', source: '192.0.2.1' });
    place(admission.admit(bob));
    first.loggedIn();
    place(admission.admit(ada));
  });
});

describe('connections at all', () => {
  test('of one source are limited', () => {
    const { admission } = open({ source: { maxConnections: 1 } });
    place(admission.admit(ada)).loggedIn();
    expect(admission.admit(ada)).toMatchObject({ reason: 'source-connections' });
    place(admission.admit(bob));
  });

  test('are limited in all', () => {
    const { admission } = open({ maxConnections: 1 });
    const first = place(admission.admit(ada));
    first.loggedIn();
    expect(admission.admit(bob)).toMatchObject({ reason: 'connections' });
    first.leave();
    place(admission.admit(bob));
  });

  test('without limits there is none', () => {
    const { admission } = open({ maxConnections: 0, startups: { begin: 1000, full: 1000 } });
    for (let n = 0; n < 999; n++) place(admission.admit(ada));
    expect(admission.connections).toBe(999);
  });
});

test('a block is one source', () => {
  const { admission } = open({ source: { maxStartups: 1, ipv6Bits: 64 } });
  place(admission.admit(at('2001:db8::1')));
  expect(admission.admit(at('2001:db8::ffff'))).toEqual({ reason: 'source-startups', source: '2001:db8::/64' });
  place(admission.admit(at('2001:db8:0:1::1')));
});

describe('penalties', () => {
  test('follow from how a connection ends; the beginning is reported once', () => {
    const { admission, clock, penalised } = open();
    place(admission.admit(ada)).leave('crash');
    expect(admission.admit(ada)).toEqual({ reason: 'penalty', cause: 'crash', left: 90_000, source: '192.0.2.1' });
    expect(penalised).toEqual(['192.0.2.1 crash 90000']);
    place(admission.admit(bob));
    clock.now = 90_000;
    place(admission.admit(ada));
  });

  test('are asked before chance, which would give away that the server is full', () => {
    const { admission } = open({ maxConnections: 1 });
    place(admission.admit(ada)).leave('crash');
    place(admission.admit(bob));
    expect(admission.admit(ada)).toMatchObject({ reason: 'penalty' });
  });

  test('pass by who is exempt, by option or as a proxy', () => {
    const { admission } = open({ penalties: { exempt: ['192.0.2.1/32'] } }, { exempt: ['192.0.2.2'] });
    for (const peer of [ada, bob]) {
      place(admission.admit(peer)).leave('crash');
      place(admission.admit(peer));
    }
    expect(admission.remembered).toBe(2);
  });

  test('the exempt get in even where everybody else is denied', () => {
    const { admission } = open({ penalties: { maxSources4: 1, overflow4: 'deny-all', exempt: ['192.0.2.2'] } });
    place(admission.admit(ada)).leave('noAuth');
    expect(admission.admit(at('203.0.113.9'))).toEqual({ reason: 'penalty-full', source: '203.0.113.9' });
    place(admission.admit(bob));
  });
});

test('what has no IP address is counted in all, and for no source', () => {
  const { admission } = open({ source: { maxConnections: 1 }, maxConnections: 3 });
  const peer: Address = { kind: 'unix', path: '' };
  for (let n = 0; n < 3; n++) place(admission.admit(peer)).leave('crash');
  for (let n = 0; n < 3; n++) place(admission.admit(peer));
  expect(admission.admit(peer)).toEqual({ reason: 'connections' });
  expect(admission.remembered).toBe(0);
});

test('a source that has left and is not penalised is forgotten', () => {
  const { admission } = open();
  for (let n = 0; n < 200; n++) place(admission.admit(at(`10.0.0.${n}`))).leave();
  expect([admission.connections, admission.remembered]).toEqual([0, 0]);
});
