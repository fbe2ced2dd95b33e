/** What a channel takes, what it grants back, and how a connection's end reaches it. RFC 4254 §5.2–5.3. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CloseReason } from '../../transport/close-reason.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';
import { turns } from '../support/turns.ts';
import { Bench, window } from './bench.ts';
import * as peer from './messages.ts';

let bench: Bench;
afterEach(() => bench.end());

const bytes = (count: number): string => 'x'.repeat(count);
const granted = (count: number): string => `CHANNEL_WINDOW_ADJUST 7 ${count}`;
const lost: CloseReason = { kind: 'lost', error: new Error('cable cut') };

describe('the window', () => {
  test('is granted back in steps of half its size', () => {
    bench = new Bench();
    bench.session();
    bench.link.receive(peer.data(0, bytes(499)));
    expect(bench.link.log()).toEqual([]);
    bench.link.receive(peer.data(0, bytes(1)));
    expect(bench.link.log()).toEqual([granted(500)]);
    bench.link.receive(peer.data(0, bytes(1_000)));
    expect(bench.link.log()).toEqual([granted(500), granted(1_000)]);
  });

  test('is granted for what the protocol has taken: a paused one grants nothing', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.pauseProducing();
    bench.link.receive(peer.data(0, bytes(600)), peer.data(0, bytes(400)));
    await turns(2);
    expect([bench.link.log(), protocol.received]).toEqual([[], 0]);
    channel.resumeProducing();
    await protocol.until(() => protocol.received === 1_000);
    await turns(1);
    expect(bench.link.log()).toEqual([granted(600)]);
  });

  test('is never larger than the one that we gave, whatever is taken', () => {
    bench = new Bench();
    bench.session();
    let open = window;
    for (let round = 0; round < 50; round += 1) {
      bench.link.receive(peer.data(0, bytes(170)));
      open -= 170;
      for (const payload of bench.link.sent.splice(0)) open += payload.readUInt32BE(5);
      expect(open).toBeLessThanOrEqual(window);
    }
    bench.link.receive(peer.data(0, bytes(open)));
    expect(bench.link.disconnected).toBeUndefined();
  });

  test('of stderr, which nobody takes, is granted at once', () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.pauseProducing();
    bench.link.receive(peer.extended(0, bytes(700)));
    expect([bench.link.log(), protocol.received]).toEqual([[granted(700)], 0]);
  });

  test('is not granted to a peer that has said EOF', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.pauseProducing();
    bench.link.receive(peer.data(0, bytes(900)), peer.eof(0));
    channel.resumeProducing();
    await protocol.until(() => protocol.readLost === 1);
    expect([bench.link.log(), protocol.received]).toEqual([[], 900]);
  });

  test('is granted for input that a close throws away, or the peer could never read what we still have to send', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 2 });
    channel.pauseProducing();
    bench.link.receive(peer.data(0, bytes(900)));
    channel.write(Buffer.from('abcd'));
    channel.loseConnection();
    await turns(2);
    expect(bench.link.log()).toEqual([granted(900), 'CHANNEL_DATA 7 "ab"']);
    bench.link.receive(peer.data(0, bytes(1_000)));
    expect(bench.link.log(2)).toEqual([granted(1_000)]);
    bench.link.receive(peer.adjust(0, 2));
    await turns(2);
    expect(bench.link.log(3)).toEqual(['CHANNEL_DATA 7 "cd"', 'CHANNEL_EOF 7', 'CHANNEL_CLOSE 7']);
  });

  test('is granted once for a message whose protocol closes while it is told of it', async () => {
    bench = new Bench({
      channelTypes: {
        session: {
          opened: channel => channel.start(new HalfCloseableRecorder({ dataReceived: () => channel.loseConnection() })),
        },
      },
    });
    bench.link.receive(peer.open('session', { window: 0 }));
    bench.link.receive(peer.data(0, bytes(600)), peer.data(0, bytes(600)));
    expect(bench.link.log(1)).toEqual([granted(600), granted(600)]);
  });
});

describe('what the peer sent before its end', () => {
  test('is delivered in the order sent, EOF last', () => {
    bench = new Bench();
    const { protocol } = bench.session();
    bench.link.receive(peer.data(0, 'a'), peer.data(0, ''), peer.data(0, 'b'), peer.eof(0));
    expect(protocol.calls).toEqual(['makeConnection', 'dataReceived', 'dataReceived', 'readConnectionLost']);
    expect(protocol.text).toBe('ab');
  });

  test('waits for a protocol that comes late', async () => {
    bench = new Bench({
      channelTypes: { session: { opened: channel => setImmediate(() => channel.start(late)) } },
    });
    const late = new HalfCloseableRecorder();
    bench.link.receive(peer.open('session'), peer.data(0, 'early'), peer.eof(0));
    await late.until(() => late.readLost === 1);
    expect(late.text).toBe('early');
  });

  test('is delivered to a paused protocol when it resumes, though CLOSE was answered long ago', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.pauseProducing();
    bench.link.receive(peer.data(0, 'one '), peer.data(0, 'two'), peer.eof(0), peer.close(0));
    await turns(2);
    expect([protocol.calls, bench.link.log()]).toEqual([['makeConnection'], ['CHANNEL_CLOSE 7']]);
    channel.resumeProducing();
    expect(await protocol.ended()).toEqual({ kind: 'done' });
    expect(protocol.text).toBe('one two');
    expect(bench.link.log()).toEqual(['CHANNEL_CLOSE 7']);
  });
});

describe('the end of the connection', () => {
  test('is told to every channel once, with its reason, and to the owner last', async () => {
    bench = new Bench();
    const all = [bench.session(), bench.session(), bench.session(), bench.session()];
    const [open, halfClosed, unread, over] = all as [...typeof all, never];
    halfClosed!.channel.loseWriteConnection();
    bench.link.receive(peer.eof(1));
    unread!.channel.pauseProducing();
    bench.link.receive(peer.data(2, 'unread'), peer.close(2));
    over!.channel.loseConnection();
    await turns(2);
    bench.link.lose(lost);
    bench.link.lose(lost);
    await turns(2);
    expect(all.map(({ protocol }) => protocol.lost)).toEqual([1, 1, 1, 1]);
    expect([open, halfClosed, unread].map(one => one!.protocol.reason)).toEqual([lost, lost, lost]);
    expect(over!.protocol.reason).toEqual({ kind: 'done' });
    expect(bench.ended).toBe(lost);
  });

  test('leaves a channel on which every call is a silent no-op', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.onRequest(() => true);
    bench.link.lose(lost);
    await protocol.ended();
    channel.write(Buffer.from('late'));
    channel.writeExtended(Buffer.from('late'));
    channel.setExitStatus({ code: 0, signal: null, coreDumped: false });
    channel.resumeProducing();
    channel.loseConnection();
    expect(await channel.request('signal', Buffer.alloc(0), true)).toBe(false);
    await turns(2);
    expect([bench.link.sent, protocol.calls]).toEqual([[], ['makeConnection', 'connectionLost']]);
    expect(channel.getPeer()).toEqual({ kind: 'memory', name: 'the peer' });
  });

  test('tells nobody twice who had heard the channel’s own end', async () => {
    bench = new Bench();
    const { protocol } = bench.session();
    bench.link.receive(peer.close(0));
    await protocol.ended();
    bench.link.lose(lost);
    await turns(2);
    expect([protocol.lost, bench.closed.length]).toEqual([1, 1]);
  });
});

test('a protocol that throws loses its own channel, and the one beside it goes on', async () => {
  bench = new Bench();
  const { protocol } = bench.session();
  const beside = bench.session();
  Object.assign(protocol, {
    dataReceived: () => {
      throw new Error('a fault in the protocol');
    },
  });
  bench.link.receive(peer.data(0, 'cause'), peer.data(1, 'unharmed'));
  expect((await protocol.ended()).kind).toBe('protocol-error');
  expect([bench.link.log(), beside.protocol.text]).toEqual([['CHANNEL_CLOSE 7'], 'unharmed']);
});
