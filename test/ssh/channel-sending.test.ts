/** What a channel sends, in which pieces and in which order. RFC 4254 §5.2. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { giveBackMemory, takeMemory } from '../../transport/piece-memory.ts';
import { PushSource } from '../support/sources.ts';
import { turns } from '../support/turns.ts';
import { Bench } from './bench.ts';
import * as peer from './messages.ts';

let bench: Bench;
afterEach(() => bench.end());

/** The sizes of the pieces of data sent. */
const sizes = (): number[] => bench.link.sent.map(peer.carried).map(({ length }) => length);

// the peer's terms, bytes written, the pieces they leave in
const slices: Array<[terms: peer.Terms, written: number, pieces: number[], reason: string]> = [
  [{ window: 1_000, maxPacket: 400 }, 1_000, [400, 400, 200], 'the maximum packet size'],
  [{ window: 250, maxPacket: 400 }, 1_000, [250], 'the window, and then it waits'],
  [{ window: 0 }, 10, [], 'no window, nothing'],
  [{ window: 3, maxPacket: 1 }, 10, [1, 1, 1], 'a maximum packet size of 1'],
  [{ window: 100_000, maxPacket: 0xffff_ffff }, 80_000, [32_768, 32_768, 14_464], '32 KiB, whatever the peer takes'],
  [{ window: 0xffff_ffff, maxPacket: 32_768 }, 32_768, [32_768], 'the largest window there is'],
];

describe('data leaves in pieces of at most', () => {
  for (const [terms, written, pieces, reason] of slices) {
    test(`${reason}: ${written} bytes to ${JSON.stringify(terms)} are [${pieces.join(', ')}]`, async () => {
      bench = new Bench();
      bench.session(terms).channel.write(new Uint8Array(written));
      await turns(1);
      expect(sizes()).toEqual(pieces);
    });
  }

  test('what a window adjust allows, from where it stopped', async () => {
    bench = new Bench();
    bench.session({ window: 3 }).channel.write(Buffer.from('abcdefgh'));
    await turns(1);
    bench.link.receive(peer.adjust(0, 2));
    bench.link.receive(peer.adjust(0, 1), peer.adjust(0, 100));
    expect(bench.link.log()).toEqual(['abc', 'de', 'f', 'gh'].map(piece => `CHANNEL_DATA 7 "${piece}"`));
  });
});

describe('stdout and stderr', () => {
  test('leave in the order in which they were written', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    channel.write(Buffer.from('a'));
    channel.writeExtended(Buffer.from('b'));
    channel.writeSequence([Buffer.from('c'), Buffer.from('d')]);
    channel.writeExtended(Buffer.from('e'));
    await turns(1);
    const [out, err] = ['CHANNEL_DATA 7', 'CHANNEL_EXTENDED_DATA 7 1'];
    expect(bench.link.log()).toEqual([`${out} "a"`, `${err} "b"`, `${out} "c"`, `${out} "d"`, `${err} "e"`]);
  });

  test('lose nothing and repeat nothing across stalls: 6 MB of each through a window of 64 KiB (stock ssh2 does)', async () => {
    bench = new Bench();
    const window = 65_536;
    const { channel } = bench.session({ window });
    const [stdout, stderr] = [0, 1].map(offset => patternOf(6_000_000, offset)) as [Buffer, Buffer];
    channel.write(stdout);
    channel.writeExtended(stderr);
    channel.setExitStatus({ code: 3, signal: null, coreDumped: false });
    channel.loseConnection();
    await turns(1);
    for (let sent = window; sent < 12_000_000 + window; sent += window) {
      bench.link.receive(peer.adjust(0, window));
      await turns(1);
    }
    const isStderr = (payload: Buffer): boolean => peer.numberOf(payload) === Message.CHANNEL_EXTENDED_DATA;
    const kinds = bench.link.sent.filter(payload => peer.carried(payload).length > 0).map(isStderr);
    expect(kinds.indexOf(true)).toBe(kinds.lastIndexOf(false) + 1);
    const all = Buffer.concat(bench.link.sent.map(peer.carried));
    expect(all.length).toBe(12_000_000);
    expect(all.equals(Buffer.concat([stdout, stderr]))).toBe(true);
    expect(bench.link.log().slice(-3)).toEqual([
      'CHANNEL_REQUEST 7 "exit-status" false 00000003',
      'CHANNEL_EOF 7',
      'CHANNEL_CLOSE 7',
    ]);
  });

  test('share one window: a stall of one holds the other', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 4 });
    channel.writeExtended(Buffer.from('abc'));
    channel.write(Buffer.from('def'));
    await turns(1);
    expect(bench.link.log()).toEqual(['CHANNEL_EXTENDED_DATA 7 1 "abc"', 'CHANNEL_DATA 7 "d"']);
  });

  test('are told apart even when one buffer is written to both', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    const both = Buffer.from('x');
    channel.writeExtended(both);
    channel.write(both);
    await turns(1);
    expect(bench.link.log()).toEqual(['CHANNEL_EXTENDED_DATA 7 1 "x"', 'CHANNEL_DATA 7 "x"']);
  });
});

describe('bytes that are the writer’s again at once', () => {
  const borrowed = 'their'.repeat(20_000);
  const write = (text: string): void => {
    const given = Buffer.from(text);
    bench.opened[0]!.channel.writeBorrowed(given);
    given.fill(0);
  };
  const sent = (): string => Buffer.concat(bench.link.sent.map(peer.carried)).toString();

  test('leave before the call returns, as far as the window lets them', async () => {
    bench = new Bench();
    bench.session({ window: 70_000 });
    write(borrowed);
    expect(sizes()).toEqual([32_768, 32_768, 4_464]);
    bench.link.receive(peer.adjust(0, 100_000));
    await turns(1);
    expect(sent()).toBe(borrowed);
  });

  test('wait in memory that comes back once they have left', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 0 });
    const full = 'full '.repeat(6_000);
    write(full);
    bench.link.receive(peer.adjust(0, full.length));
    await turns(2);
    const memory = takeMemory(full.length);
    expect(memory.toString()).toBe(full);
    giveBackMemory(memory);
    expect([sent(), channel.queuedBytes]).toEqual([full, 0]);
  });

  test('leave behind what waits already, which is no more than what waits for its turn', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 200_000 });
    channel.write(Buffer.from('first'));
    write('second');
    expect(sent()).toBe('');
    await turns(1);
    write('third');
    expect(sent()).toBe('firstsecondthird');
  });

  test('wait for a link that is full', async () => {
    bench = new Bench();
    bench.session({ window: 1_000 });
    bench.link.writable = false;
    write('waits');
    await turns(1);
    expect(sent()).toBe('');
    bench.link.writable = true;
    expect(sent()).toBe('waits');
  });

  test('wait for channels that wait already', async () => {
    bench = new Bench();
    const terms = { window: 0xffff_ffff };
    const others = [1, 2, 3].map(id => bench.session({ ...terms, id }).channel).slice(1);
    bench.link.writable = false;
    for (const other of others) other.write(Buffer.alloc(32));
    await turns(1);
    const send = bench.link.send.bind(bench.link);
    bench.link.send = (...pieces) => {
      bench.link.send = send;
      send(...pieces);
      write('now');
    };
    bench.link.writable = true;
    await turns(1);
    expect(bench.link.sent.map(payload => payload.readUInt32BE(1))).toEqual([2, 3, 1]);
  });

  test('are no more than one turn of a channel’s, if there are so many', () => {
    bench = new Bench();
    bench.session({ window: 0xffff_ffff });
    write('x'.repeat(512 * 1024));
    expect(sizes()).toEqual(Array(4).fill(32_768));
  });

  test('are dropped on a channel that is closing or closed', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 1_000 });
    channel.loseWriteConnection();
    await turns(1);
    write('too late');
    channel.loseConnection();
    await turns(1);
    write('much too late');
    expect(sent()).toBe('');
  });
});

describe('a link that is not writable', () => {
  test('gets no data, but replies and CLOSE all the same', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    channel.onRequest(() => true);
    bench.link.writable = false;
    channel.write(Buffer.from('waits'));
    await turns(2);
    bench.link.receive(peer.request(0, 'shell'), peer.adjust(0, 10));
    await turns(2);
    expect(bench.link.log()).toEqual(['CHANNEL_SUCCESS 7']);
    bench.link.writable = true;
    await turns(2);
    expect(bench.link.log(1)).toEqual(['CHANNEL_DATA 7 "waits"']);
  });

  test('that becomes writable gives two channels their turns in turn, 128 KiB each', async () => {
    bench = new Bench();
    const wide = { window: 0xffff_ffff };
    const channels = [bench.session({ ...wide, id: 1 }).channel, bench.session({ ...wide, id: 2 }).channel];
    bench.link.writable = false;
    for (const channel of channels) channel.write(new Uint8Array(512 * 1024));
    await turns(1);
    bench.link.writable = true;
    await turns(2);
    const turnsTaken = bench.link.sent.map(payload => payload.readUInt32BE(1));
    const expected = Array.from({ length: 8 }, (_, turn) => Array<number>(4).fill(turn % 2 === 0 ? 1 : 2)).flat();
    expect(turnsTaken).toEqual(expected);
  });

  test('that is always writable lets a second channel in between, too', async () => {
    bench = new Bench();
    const wide = { window: 0xffff_ffff };
    const channels = [bench.session({ ...wide, id: 1 }).channel, bench.session({ ...wide, id: 2 }).channel];
    for (const channel of channels) channel.write(new Uint8Array(512 * 1024));
    await turns(2);
    const order = bench.link.sent.map(payload => payload.readUInt32BE(1));
    expect(order.indexOf(2)).toBeLessThan(order.lastIndexOf(1));
    expect(order.length).toBe(32);
  });

  test('stops in the middle of a turn, and loses nothing', async () => {
    bench = new Bench();
    const { channel } = bench.session({ window: 0xffff_ffff });
    channel.write(new Uint8Array(512 * 1024));
    const send = bench.link.send.bind(bench.link);
    bench.link.send = (...pieces) => {
      send(...pieces);
      bench.link.writable = false;
    };
    await turns(2);
    for (let sent = 1; sent <= 16; sent += 1) {
      expect(bench.link.sent.length).toBe(sent);
      bench.link.writable = true;
    }
    expect(sizes().reduce((sum, size) => sum + size)).toBe(512 * 1024);
  });

  test('pauses a producer by the channel’s own queue, and resumes it when that is out', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session({ window: 50_000 });
    const source = new PushSource(protocol, { chunk: 10_000, limit: 200_000 });
    channel.registerProducer(source, true);
    source.produce();
    await turns(2);
    expect([source.paused, source.written]).toEqual([true, 70_000]);
    bench.link.receive(peer.adjust(0, 20_000));
    await turns(2);
    expect(source.written).toBe(140_000);
  });
});

/** Bytes in which every place is told from its neighbours. */
function patternOf(length: number, offset: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8) + offset * 101) & 0xff;
  return bytes;
}

describe('a peer that is near', () => {
  const KIB = 1024;
  const bytes = (): number => sizes().reduce((sum, size) => sum + size, 0);

  /** Has answered at once, and has a megabyte more to come. */
  async function near(): Promise<void> {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    bench = new Bench();
    const { channel } = bench.session({ window: 2048 * KIB });
    channel.write(Buffer.alloc(64 * KIB));
    await turns(1);
    bench.link.receive(peer.adjust(0, 64 * KIB));
    bench.link.sent.length = 0;
    channel.write(Buffer.alloc(1024 * KIB));
    await turns(2);
  }
  afterEach(() => void jest.useRealTimers());

  test('gets what keeps it busy, and more as it grants more', async () => {
    await near();
    expect(bytes()).toBe(256 * KIB);
    for (let granted = 0; granted < 1024 * KIB; granted += 64 * KIB) {
      bench.link.receive(peer.adjust(0, 64 * KIB));
      await turns(1);
    }
    expect(bytes()).toBe(1024 * KIB);
  });

  test('gets everything if it then grants nothing', async () => {
    await near();
    jest.advanceTimersByTime(20);
    await turns(2);
    expect(bytes()).toBe(1024 * KIB);
  });

  const ends: Array<[what: string, end: () => unknown]> = [
    ['connection', () => bench.end()],
    ['channel, closed by it', () => bench.link.receive(peer.close(0))],
    ['channel, cut by us', () => bench.opened[0]!.channel.abortConnection()],
  ];
  test.each(ends)('is not waited for behind the end of the %s', async (_what, end) => {
    await near();
    const before = jest.getTimerCount();
    end();
    bench.end();
    await turns(1);
    expect([before, jest.getTimerCount()]).toEqual([1, 0]);
  });
});
