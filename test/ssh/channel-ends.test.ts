/** The end of a channel: what stands behind its data, whose CLOSE answers whose, and what is left of it. RFC 4254 §5.3, §6.10. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { turns } from '../support/turns.ts';
import { Bench, type Opened } from './bench.ts';
import * as peer from './messages.ts';

let bench: Bench;
afterEach(() => {
  bench.end();
  jest.useRealTimers();
});

const exited = { code: 3, signal: null, coreDumped: false };
const exitStatus = 'CHANNEL_REQUEST 7 "exit-status" false 00000003';
const eof = 'CHANNEL_EOF 7';
const close = 'CHANNEL_CLOSE 7';

test('nothing follows the CLOSE that answered the peer’s, though a paused protocol has not heard of the end', async () => {
  bench = new Bench();
  const { channel } = bench.session();
  channel.pauseProducing();
  bench.link.receive(peer.data(0, 'unread'), peer.close(0));
  channel.writeBorrowed(Buffer.from('late'));
  channel.write(Buffer.from('later'));
  await turns(2);
  expect(bench.link.log()).toEqual([close]);
});

describe('the end of a channel', () => {
  test('EOF stands behind the data that waits for the window, and the channel goes on', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session({ window: 2 });
    channel.write(Buffer.from('abcd'));
    channel.loseWriteConnection();
    await turns(2);
    expect(bench.link.log()).toEqual(['CHANNEL_DATA 7 "ab"']);
    bench.link.receive(peer.adjust(0, 100));
    await turns(2);
    expect(bench.link.log()).toEqual(['CHANNEL_DATA 7 "ab"', 'CHANNEL_DATA 7 "cd"', eof]);
    bench.link.receive(peer.data(0, 'still heard'));
    expect([protocol.text, protocol.writeLost, protocol.lost]).toEqual(['still heard', 1, 0]);
  });

  test('is data, exit-status, EOF, CLOSE, in this order, whenever the status was set', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 2 });
    channel.setExitStatus(exited);
    channel.write(Buffer.from('abcd'));
    channel.loseConnection();
    await turns(2);
    expect(bench.link.log()).toEqual(['CHANNEL_DATA 7 "ab"']);
    bench.link.receive(peer.adjust(0, 100));
    await turns(2);
    expect(bench.link.log(1)).toEqual(['CHANNEL_DATA 7 "cd"', exitStatus, eof, close]);
  });

  test('says EOF once, when it was said before', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    channel.loseWriteConnection();
    await turns(2);
    channel.setExitStatus(exited);
    channel.loseConnection();
    await turns(2);
    expect(bench.link.log()).toEqual([eof, exitStatus, close]);
  });

  test('by abort is CLOSE alone: what was queued is dropped and no status is claimed', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session({ window: 2 });
    channel.setExitStatus(exited);
    channel.write(Buffer.from('abcd'));
    await turns(1);
    channel.abortConnection();
    await turns(2);
    expect(bench.link.log()).toEqual(['CHANNEL_DATA 7 "ab"', close]);
    expect(protocol.reason).toEqual({ kind: 'aborted' });
  });

  test('is the end: nothing is sent after CLOSE, not even what the peer asks for', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.onRequest(() => true);
    channel.loseConnection();
    await protocol.ended();
    channel.write(Buffer.from('late'));
    channel.writeExtended(Buffer.from('late'));
    channel.loseWriteConnection();
    channel.abortConnection();
    void channel.request('signal', Buffer.alloc(0), true);
    bench.link.receive(peer.adjust(0, 100), peer.data(0, 'x'.repeat(900)), peer.request(0, 'shell'), peer.eof(0));
    await turns(2);
    expect(bench.link.log()).toEqual([eof, close]);
    expect(bench.link.disconnected).toBeUndefined();
  });

  test('answers the peer’s CLOSE with CLOSE at once, in the same turn (RFC 4254 §5.3)', () => {
    bench = new Bench();
    bench.session();
    bench.link.receive(peer.close(0));
    expect(bench.link.log()).toEqual([close]);
  });

  test('by the peer, with bytes of ours unsent, is lost and says how many', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session({ window: 2 });
    channel.write(Buffer.from('abcdef'));
    await turns(1);
    channel.write(Buffer.from('gh'));
    bench.link.receive(peer.close(0));
    const reason = await protocol.ended();
    expect(reason).toMatchObject({ kind: 'lost', error: { message: 'peer closed the channel with 6 bytes unsent' } });
  });

  test('by the peer, in the turn in which its window let our last bytes go, has lost nothing', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session({ window: 2 });
    channel.write(Buffer.from('abcd'));
    await turns(1);
    bench.link.receive(peer.adjust(0, 2), peer.close(0));
    expect(await protocol.ended()).toEqual({ kind: 'done' });
    expect(bench.link.log()).toEqual(['CHANNEL_DATA 7 "ab"', 'CHANNEL_DATA 7 "cd"', close]);
  });

  test('is told to the channel’s type once, whoever ended it, with a protocol or without', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    channel.loseConnection();
    await turns(2);
    bench.link.receive(peer.close(0), peer.open('silent'), peer.close(1), peer.open('session'));
    expect(bench.closed.map(({ localId }) => localId)).toEqual([0, 1]);
    bench.end();
    expect(bench.closed.map(({ localId }) => localId)).toEqual([0, 1, 2]);
  });
});

describe('a channel that owes an exit status', () => {
  let closings: number;
  const owing = (options = {}, terms: peer.Terms = {}): Opened => {
    closings = 0;
    bench = new Bench(options);
    const opened = bench.session(terms);
    opened.channel.oweExitStatus(() => void (closings += 1));
    return opened;
  };

  test('answers the peer’s CLOSE behind it, and says no more until then (sshd session.c, session_exit_message)', async () => {
    const { channel, protocol } = owing();
    bench.link.receive(peer.data(0, 'last words'), peer.close(0));
    expect(closings).toBe(1);
    await protocol.ended();
    channel.write(Buffer.from('to nobody'));
    await turns(2);
    expect([protocol.text, bench.link.log(), bench.closed]).toEqual(['last words', [], []]);
    channel.setExitStatus(exited);
    expect([bench.link.log(), bench.closed]).toEqual([[exitStatus, close], [channel]]);
    bench.end();
    expect(bench.closed).toEqual([channel]);
  });

  test('throws away what is written while its protocol has input left to take, and closes behind that', async () => {
    const { channel, protocol } = owing({}, { window: 3 });
    channel.pauseProducing();
    channel.write(Buffer.from('abcdef'));
    await turns(1);
    bench.link.receive(peer.data(0, 'unread'), peer.close(0));
    channel.write(new Uint8Array(1_000_000));
    await turns(2);
    expect([channel.queuedBytes, closings, protocol.calls]).toEqual([0, 1, ['makeConnection']]);
    channel.resumeProducing();
    await protocol.ended();
    channel.setExitStatus(exited);
    expect([protocol.text, bench.link.log(1)]).toEqual(['unread', [exitStatus, close]]);
  });

  test('answers what was asked before that CLOSE', async () => {
    const { channel, protocol } = owing();
    bench.link.receive(peer.request(0, 'signal'), peer.close(0));
    await protocol.ended();
    channel.onRequest(() => true);
    channel.setExitStatus(exited);
    expect(bench.link.log()).toEqual(['CHANNEL_SUCCESS 7', exitStatus, close]);
  });

  test('takes nothing more from the peer, and counts as open', async () => {
    const { protocol } = owing({ maxChannels: 1 });
    bench.link.receive(peer.close(0), peer.open('session'));
    expect(bench.link.log().at(-1)).toContain('no more than 1 channels');
    await protocol.ended();
    bench.link.receive(peer.request(0, 'signal'));
    expect(bench.link.disconnected?.text).toContain('there is no channel 0');
  });

  test('says CLOSE at once when it is aborted, and so does one that has its status', async () => {
    owing().channel.abortConnection();
    expect(bench.link.log()).toEqual([close]);
    bench.end();
    const { channel } = owing({}, { window: 2 });
    channel.write(Buffer.from('abcd'));
    channel.setExitStatus(exited);
    channel.loseConnection();
    await turns(2);
    bench.link.receive(peer.close(0));
    expect(bench.link.log()).toEqual(['CHANNEL_DATA 7 "ab"', exitStatus, close]);
  });

  test('is over when the connection is, and leaves no timer', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    const { channel, protocol } = owing();
    bench.link.receive(peer.close(0));
    await protocol.ended();
    bench.end();
    expect(bench.closed).toEqual([channel]);
    channel.setExitStatus(exited);
    expect([bench.link.log(), bench.closed.length, jest.getTimerCount()]).toEqual([[], 1, 0]);
  });
});

describe('a peer that does not answer our CLOSE', () => {
  test('has its number forgotten after closeTimeout, and not before', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    bench = new Bench({ closeTimeout: 10_000, maxChannels: 1 });
    const { channel, protocol } = bench.session();
    channel.loseConnection();
    await protocol.ended();
    jest.advanceTimersByTime(9_999);
    bench.link.receive(peer.data(0, 'late but allowed'), peer.open('session'));
    expect(bench.link.log().at(-1)).toContain('no more than 1 channels');
    jest.advanceTimersByTime(1);
    bench.link.receive(peer.open('session'));
    expect(bench.link.log().at(-1)).toMatch(/^CHANNEL_OPEN_CONFIRMATION 7 1 /);
    bench.link.receive(peer.data(0, 'too late'));
    expect(bench.link.disconnected?.text).toContain('there is no channel 0');
  });

  test('leaves no timer behind once it has answered, or once the connection is lost', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    bench = new Bench();
    const [first, second] = [bench.session(), bench.session()];
    first.channel.loseConnection();
    second.channel.loseConnection();
    await Promise.all([turns(2), turns(2)]);
    expect(jest.getTimerCount()).toBe(2);
    bench.link.receive(peer.close(0));
    expect(jest.getTimerCount()).toBe(1);
    bench.session();
    bench.link.receive(peer.close(2));
    expect(jest.getTimerCount()).toBe(1);
    bench.end();
    expect(jest.getTimerCount()).toBe(0);
  });
});
