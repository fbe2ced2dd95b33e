/** The log of refusals under a flood, what the refused are told, and what a connection's end is penalised for. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { nothingYet, penaltyFor, type Conduct } from '../../../server/admission/conduct.ts';
import { RefusalLog } from '../../../server/admission/refusal-log.ts';
import { refusalLine, refusals, type RefusalReason } from '../../../server/admission/refusals.ts';
import type { ServerEvent } from '../../../server/events.ts';
import { aborted, done, type CloseReason } from '../../../transport/close-reason.ts';
import { tcpAddress } from '../../../transport/address.ts';
import { RemoteProtocolError } from '../../../transport/errors.ts';

describe('the log', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const peer = tcpAddress('192.0.2.7', 1);

  function open() {
    const events: ServerEvent[] = [];
    return { events, log: new RefusalLog(event => void events.push(event)) };
  }

  test('has the first of each reason and source, with all that is known', () => {
    const { events, log } = open();
    log.note(
      { reason: 'penalty', source: '192.0.2.0/24', cause: 'authFail', left: 1234.5 },
      tcpAddress('192.0.2.7', 1),
      '10.0.0.1:2',
    );
    log.note({ reason: 'penalty', source: '192.0.2.0/24', cause: 'authFail', left: 1 }, tcpAddress('192.0.2.8', 1));
    log.note({ reason: 'startups', source: '192.0.2.0/24' }, tcpAddress('192.0.2.8', 1));
    const common = { event: 'connection-refused', level: 'warn', source: '192.0.2.0/24' };
    expect(events).toEqual([
      { ...common, reason: 'penalty', peer: '192.0.2.7:1', cause: 'authFail', leftMs: 1235, proxy: '10.0.0.1:2' },
      { ...common, reason: 'startups', peer: '192.0.2.8:1' },
    ]);
  });

  test('has the others as one number for each reason when ten seconds are over, and then begins anew', () => {
    const { events, log } = open();
    for (let n = 0; n < 4; n++) log.note({ reason: 'startups', source: 'a' }, peer);
    jest.advanceTimersByTime(9_999);
    expect(events).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(events[1]).toEqual({
      event: 'connections-refused',
      level: 'warn',
      reason: 'startups',
      count: 3,
      periodMs: 10_000,
    });
    log.note({ reason: 'startups', source: 'a' }, peer);
    expect(events).toHaveLength(3);
  });

  test('has twenty lines and the numbers, whatever comes: ten thousand sources in ten seconds', () => {
    const { events, log } = open();
    for (let n = 0; n < 10_000; n++) log.note({ reason: n % 2 ? 'startups' : 'penalty', source: String(n) }, peer);
    jest.advanceTimersByTime(10_000);
    expect(events).toHaveLength(22);
    expect(events.slice(20)).toMatchObject([{ count: 4_990 }, { count: 4_990 }]);
  });

  test('says what it has counted when it is closed, and leaves no timer', () => {
    const { events, log } = open();
    for (let n = 0; n < 3; n++) log.note({ reason: 'startups', source: 'a' }, peer);
    log.close();
    expect(events[1]).toMatchObject({ count: 2 });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('tells those without a source by their host, whichever port they come from', () => {
    const { events, log } = open();
    for (const port of [1, 2, 1]) log.note({ reason: 'proxy-header' }, tcpAddress('10.0.0.1', port));
    log.note({ reason: 'proxy-header' }, tcpAddress('10.0.0.2', 1));
    log.close();
    expect(events).toMatchObject([{ peer: '10.0.0.1:1' }, { peer: '10.0.0.2:1' }, { count: 2 }]);
  });
});

describe('the line for the refused', () => {
  test.each(Object.keys(refusals) as RefusalReason[])('%s is one that RFC 4253 §4.2 allows', reason => {
    const line = refusalLine({ reason, left: 600_000 });
    expect(line).toMatch(/^$|^(?!SSH-)[\x20-\x7e]{1,253}\r\n$/);
  });

  test('says when to come again, in seconds, rounded up', () => {
    expect(refusalLine({ reason: 'penalty', left: 1_001 })).toBe('Not allowed at this time: try again in 2 s\r\n');
    expect(refusalLine({ reason: 'startups' })).toMatch(/^Exceeded MaxStartups: /);
  });
});

describe('the end of a connection', () => {
  const breach: CloseReason = { kind: 'protocol-error', error: new RemoteProtocolError('RFC', 'x') };
  const fault: CloseReason = { kind: 'protocol-error', error: new TypeError('x') };
  const facts: Array<[name: string, conduct: Partial<Conduct>, reason: CloseReason, cause: string | undefined]> = [
    ['left without a word', {}, done, 'noAuth'],
    ['broke the protocol', {}, breach, 'noAuth'],
    ['found no algorithm in common', {}, { kind: 'protocol-error', error: new Error('no match') }, 'noAuth'],
    ['failed to log in', { failedUser: 'ada' }, done, 'authFail'],
    ['failed to log in as nobody', { failedUser: 'nobody' }, done, 'invalidUser'],
    ['was too late', { graceExceeded: true, failedUser: 'ada' }, aborted, 'graceExceeded'],
    ['came when keys could not be looked up', { undecided: true }, done, undefined],
    ['came when they could be for some of its logins', { undecided: true, failedUser: 'ada' }, done, undefined],
    ['made us fail', { failedUser: 'ada' }, fault, 'crash'],
    ['logged in after a failure', { loggedIn: true, failedUser: 'ada' }, breach, undefined],
    ['was told to go', { dismissed: true }, aborted, undefined],
  ];
  test.each(facts)('that %s', (_name, conduct, reason, cause) => {
    expect(penaltyFor({ ...nothingYet, ...conduct }, reason, user => user === 'ada')).toBe(cause);
  });
});
