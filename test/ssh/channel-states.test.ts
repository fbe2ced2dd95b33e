/** What RFC 4254 §5.2–5.3 says of a channel's life, held against every walk through the table. */
import { describe, expect, test } from '@jest/globals';
import { channelStates, type ChannelEvent, type ChannelState } from '../../ssh/channel-states.ts';

const states = Object.keys(channelStates) as ChannelState[];
const events = (state: ChannelState): Array<[ChannelEvent, ChannelState]> =>
  Object.entries(channelStates[state]) as Array<[ChannelEvent, ChannelState]>;

/** Every way from opening to wherever it ends, without the data in between. */
function walks(state: ChannelState = 'open', walked: ChannelEvent[] = []): ChannelEvent[][] {
  const onward = events(state).filter(([, to]) => to !== state);
  return onward.length === 0 ? [walked] : onward.flatMap(([event, to]) => walks(to, [...walked, event]));
}

const lives = walks().map(walk => walk.join(' '));

// what the RFC says, what no life may hold, where it is written
const never: Array<[fact: string, pattern: RegExp, source: string]> = [
  ['we send nothing after our CLOSE', /send-close.*send-/, '§5.3: a party that has sent CLOSE is done'],
  ['the peer sends nothing after its CLOSE', /receive-close.*receive-/, '§5.3'],
  ['we say EOF once', /send-eof.*send-eof/, '§5.3'],
  ['the peer says EOF once', /receive-eof.*receive-eof/, '§5.3'],
  [
    'our CLOSE answers the peer’s, with nothing in between',
    /receive-close (?!send-close)/,
    '§5.3: unless already sent',
  ],
];

describe('a channel', () => {
  test.each(never)('%s', (_fact, pattern) => expect(lives.filter(life => pattern.test(life))).toEqual([]));

  test('ends only when both have said CLOSE (§5.3: closed once both sent and received)', () => {
    expect(lives.length).toBeGreaterThan(10);
    for (const life of lives) expect(life).toMatch(/send-close.*receive-close$|receive-close send-close$/);
  });

  test('may be closed by either side without EOF, at any time (§5.3)', () => {
    const ourCloseToCome = states.filter(state => !/^close/.test(state));
    const peersCloseToCome = states.filter(state => state !== 'closed' && state !== 'close-received');
    for (const state of ourCloseToCome) expect(channelStates[state]).toHaveProperty('send-close');
    for (const state of peersCloseToCome) expect(channelStates[state]).toHaveProperty('receive-close');
  });

  test('carries data from each side until that side says EOF or CLOSE, and data changes nothing (§5.2)', () => {
    const may = (event: ChannelEvent): ChannelState[] => states.filter(state => channelStates[state][event] === state);
    expect(may('send-data')).toEqual(['open', 'eof-received']);
    expect(may('receive-data')).toEqual(['open', 'eof-sent', 'close-sent']);
    const standing = states.flatMap(state =>
      events(state)
        .filter(([, to]) => to === state)
        .map(([event]) => event),
    );
    expect(new Set(standing)).toEqual(new Set(['send-data', 'receive-data']));
  });

  test('has no state that it cannot come to', () => {
    expect(new Set(['open', ...states.flatMap(state => events(state).map(([, to]) => to))])).toEqual(new Set(states));
  });
});
