/** Opening channels, both ways, and global requests. RFC 4254 §4, §5.1. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { ChannelOpenError, type ConnectionOptions } from '../../ssh/connection-options.ts';
import { done } from '../../transport/close-reason.ts';
import { LocalMisuseError } from '../../transport/errors.ts';
import { HalfCloseableRecorder, Recorder } from '../support/recorder.ts';
import { turns } from '../support/turns.ts';
import { Bench, window } from './bench.ts';
import * as peer from './messages.ts';

let bench: Bench;
afterEach(() => bench.end());

const refusal = (reason: number, why: string): string => `CHANNEL_OPEN_FAILURE 7 ${reason} "${why}" ""`;
const unserved = refusal(3, 'this channel type is not served here');

// how the peer asks, what it gets, why
const opens: Array<[what: string, open: Buffer, answer: string, source: string]> = [
  ['a type we serve', peer.open('session'), `CHANNEL_OPEN_CONFIRMATION 7 0 ${window} 32768`, 'RFC 4254 §5.1'],
  ['a type we do not serve', peer.open('x11'), unserved, 'RFC 4254 §5.1: unknown channel type'],
  ['the type "constructor"', peer.open('constructor'), unserved, 'every object has one'],
  ['the type "__proto__"', peer.open('__proto__'), unserved, 'every object has one'],
  ['the type "hasOwnProperty"', peer.open('hasOwnProperty'), unserved, 'every object has one'],
  ['an empty type', peer.open(''), unserved, 'a name like any other'],
  ['a type that is not UTF-8', peer.open(Buffer.from([0xff, 0xfe])), unserved, 'a name like any other'],
  [
    'a maximum packet size of 0',
    peer.open('session', { maxPacket: 0 }),
    refusal(4, 'maximum packet size 0 carries nothing'),
    'stock ssh2 sends empty packets for ever',
  ],
  [
    'a window of 0',
    peer.open('session', { window: 0 }),
    `CHANNEL_OPEN_CONFIRMATION 7 0 ${window} 32768`,
    'it may grow later',
  ],
];

describe('a peer that opens a channel', () => {
  for (const [what, open, answer, source] of opens) {
    test(`with ${what} gets ${answer.split(' ')[0]} (${source}), and the connection goes on`, () => {
      bench = new Bench();
      bench.link.receive(open);
      expect(bench.link.log()).toEqual([answer]);
      bench.link.receive(peer.open('session', { id: 8 }));
      expect(bench.link.log(1)).toEqual([expect.stringMatching(/^CHANNEL_OPEN_CONFIRMATION 8 /)]);
    });
  }

  test('is refused by the type itself, with its reason, before there is a channel', () => {
    const refuse = (data: Buffer): { reason: number; text: string } => ({ reason: 1, text: `not ${data.toString()}` });
    bench = new Bench({ channelTypes: { 'direct-tcpip': { refuse, opened: () => undefined } } });
    bench.link.receive(peer.open('direct-tcpip', {}, 'there'));
    expect(bench.link.log()).toEqual([refusal(1, 'not there')]);
  });

  test('is refused beyond maxChannels, and gets one again when one has gone', () => {
    bench = new Bench({ maxChannels: 2 });
    bench.link.receive(peer.open('session'), peer.open('silent'), peer.open('session'));
    expect(bench.link.log().at(-1)).toBe(refusal(4, 'no more than 2 channels'));
    bench.link.receive(peer.close(1), peer.open('session'));
    expect(bench.link.log().at(-1)).toBe(`CHANNEL_OPEN_CONFIRMATION 7 2 ${window} 32768`);
  });

  test('cannot fill memory with channels that it closes while their input is unread', () => {
    bench = new Bench({ maxChannels: 2 });
    for (const number of [0, 1]) {
      bench.session().channel.pauseProducing();
      bench.link.receive(peer.data(number, 'unread'), peer.close(number));
    }
    bench.link.receive(peer.open('session'));
    expect(bench.link.log().at(-1)).toBe(refusal(4, 'no more than 2 channels'));
  });

  test('may use one number of its own for two channels: numbers are for whoever gave them', () => {
    bench = new Bench();
    const [first, second] = [bench.session(), bench.session()];
    bench.link.receive(peer.data(1, 'b'), peer.data(0, 'a'));
    expect([first.protocol.text, second.protocol.text]).toEqual(['a', 'b']);
  });
});

describe('a channel that we open', () => {
  const granted = { id: 40, window: 5, maxPacket: 2 };

  test('is asked for with our number, our window and our largest packet', async () => {
    bench = new Bench();
    const opening = bench.connection.openChannel('direct-tcpip', Buffer.from('xy'));
    expect(bench.link.log()).toEqual([`CHANNEL_OPEN "direct-tcpip" 0 ${window} 32768 7879`]);
    bench.link.receive(peer.confirm(0, granted));
    const channel = await opening;
    channel.start(new Recorder());
    channel.write(Buffer.from('abcdefgh'));
    await turns(1);
    expect(bench.link.log(1)).toEqual(['CHANNEL_DATA 40 "ab"', 'CHANNEL_DATA 40 "cd"', 'CHANNEL_DATA 40 "e"']);
  });

  test('loses nothing that comes in one piece with the yes, CLOSE included', async () => {
    bench = new Bench();
    const opening = bench.connection.openChannel('session');
    bench.link.receive(peer.confirm(0, granted), peer.data(0, 'short answer'), peer.eof(0), peer.close(0));
    const protocol = new HalfCloseableRecorder();
    (await opening).start(protocol);
    expect(await protocol.ended()).toEqual(done);
    expect(protocol.text).toBe('short answer');
  });

  test('rejects with the reason and the text when the peer says no', async () => {
    bench = new Bench();
    const opening = bench.connection.openChannel('session');
    bench.link.receive(peer.refuse(0, 4, 'too many'));
    await expect(opening).rejects.toThrow(ChannelOpenError);
    await expect(opening).rejects.toMatchObject({ reason: 4, message: 'channel not opened: too many (reason 4)' });
  });

  test('rejects when the peer answers with a maximum packet size of 0, which is a breach', async () => {
    bench = new Bench();
    const opening = bench.connection.openChannel('session');
    bench.link.receive(peer.confirm(0, { maxPacket: 0 }));
    expect(bench.link.disconnected?.text).toBe('peer broke RFC 4254 §5.1: maximum packet size 0');
    bench.end();
    await expect(opening).rejects.toThrow('the connection was lost');
  });

  for (const answer of [peer.confirm(0), peer.refuse(0, 4, 'too many')]) {
    test(`is answered once: a second answer after ${peer.text(answer).split(' ')[0]} is a breach`, async () => {
      bench = new Bench();
      const opening = bench.connection.openChannel('session');
      bench.link.receive(answer, peer.confirm(0));
      await Promise.allSettled([opening]);
      expect(bench.link.disconnected?.text).toContain('an answer for channel 0, which was not asked for');
    });
  }

  test('rejects when the connection is lost first, and at once when it was lost before', async () => {
    bench = new Bench();
    const opening = bench.connection.openChannel('session');
    bench.end();
    await expect(opening).rejects.toThrow('the connection was lost');
    await expect(bench.connection.openChannel('session')).rejects.toThrow(LocalMisuseError);
  });
});

describe('global requests', () => {
  const [yes, no] = ['REQUEST_SUCCESS', 'REQUEST_FAILURE'];
  const broken = new Error('the answer is broken');
  const seen: string[] = [];
  const globalRequests: ConnectionOptions['globalRequests'] = {
    yes: data => seen.push(data.toString()) > 0,
    'yes later': () => turns(2).then(() => true),
    no: () => false,
    port: () => Buffer.of(0, 0, 0, 22),
    'port later': () => turns(1).then(() => Buffer.of(0, 0, 0, 23)),
    rejects: () => Promise.reject(broken),
    throws: () => {
      throw broken;
    },
    never: () => new Promise(() => undefined),
  };

  test('are answered in order, and only those that want an answer', () => {
    bench = new Bench({ globalRequests });
    const types = ['yes', 'no', 'unheard-of', 'constructor', '__proto__', 'yes', 'port'];
    for (const type of types) bench.link.receive(peer.globalRequest(type, true), peer.globalRequest(type, false));
    expect(bench.link.log()).toEqual([yes, no, no, no, no, yes, `${yes} 00000016`]);
  });

  test('are answered in the order of asking, however long one takes (§4)', async () => {
    const failures: Error[] = [];
    bench = new Bench({ globalRequests, requestFailed: error => failures.push(error) });
    const types = ['yes later', 'no', 'port later', 'rejects', 'throws', 'yes'];
    bench.link.receive(...types.map(type => peer.globalRequest(type)));
    expect(bench.link.log()).toEqual([]);
    await turns(10);
    expect(bench.link.log()).toEqual([yes, no, `${yes} 00000017`, no, no, yes]);
    expect(failures).toEqual([broken, broken]);
  });

  test('that are never answered are answered no in the end, and somebody of ours hears why', async () => {
    const failures: string[] = [];
    bench = new Bench({ globalRequests, requestTimeout: 1, requestFailed: error => failures.push(error.message) });
    bench.link.receive(peer.globalRequest('never'), peer.globalRequest('yes'));
    while (bench.link.sent.length < 2) await turns(1);
    expect(bench.link.log()).toEqual([no, yes]);
    expect(failures).toEqual(['no answer to the global request "never" within 1 ms']);
  });

  test('may not wait for an answer by more than 32', () => {
    bench = new Bench({ globalRequests });
    for (let count = 0; count < 33; count += 1) bench.link.receive(peer.globalRequest('never'));
    expect(bench.link.disconnected).toBeUndefined();
    bench.link.receive(peer.globalRequest('never'));
    expect(bench.link.disconnected?.text).toContain('RFC 4254 §4: more than 32 global requests waiting');
  });

  test('reach us with what they carry', () => {
    bench = new Bench({ globalRequests });
    bench.link.receive(peer.globalRequest('yes', false, 'more'));
    expect(seen.at(-1)).toBe('more');
  });

  test('like the keepalive of OpenSSH are answered no, which is all that it wants', () => {
    bench = new Bench();
    bench.link.receive(
      peer.globalRequest('keepalive@openssh.com'),
      peer.globalRequest('no-more-sessions@openssh.com', false),
    );
    expect(bench.link.log()).toEqual([no]);
  });
});

describe('a global request of ours', () => {
  const [yes, no] = [Buffer.of(Message.REQUEST_SUCCESS, 1, 2), Buffer.of(Message.REQUEST_FAILURE)];

  test('resolves to the peer’s answer and what it carries, in the order of asking', async () => {
    bench = new Bench();
    const answers = Promise.all(['a', 'b', 'c'].map(type => bench.connection.request(type, Buffer.from('!'), true)));
    expect(bench.link.log()).toEqual(['a', 'b', 'c'].map(type => `GLOBAL_REQUEST "${type}" true 21`));
    bench.link.receive(yes, no, yes);
    expect(await answers).toEqual([Buffer.of(1, 2), false, Buffer.of(1, 2)]);
  });

  test('that wants no reply has succeeded when it is sent', async () => {
    bench = new Bench();
    expect(await bench.connection.request('a', Buffer.alloc(0), false)).toEqual(Buffer.alloc(0));
    expect(bench.link.log()).toEqual(['GLOBAL_REQUEST "a" false']);
  });

  test('has failed when the connection is lost first, and without a word when it was lost before', async () => {
    bench = new Bench();
    const answer = bench.connection.request('a', Buffer.alloc(0), true);
    bench.end();
    expect([await answer, await bench.connection.request('a', Buffer.alloc(0), true)]).toEqual([false, false]);
    expect(bench.link.sent.length).toBe(1);
  });

  test('is answered once: a second answer is a breach', async () => {
    bench = new Bench();
    const answer = bench.connection.request('a', Buffer.alloc(0), true);
    bench.link.receive(no, no);
    expect(await answer).toBe(false);
    expect(bench.link.disconnected?.text).toBe('peer broke RFC 4254 §4: a reply to no global request');
  });
});

// what a connection is made with, what is said of it
const impossible: Array<[options: ConnectionOptions, says: string]> = [
  ...[0, -1, 1.5, NaN, 32_769].map((maxPacketSize): [ConnectionOptions, string] => [
    { maxPacketSize },
    `connection.maxPacketSize: must be a whole number from 1 to 32768, got ${maxPacketSize}`,
  ]),
  ...[0, -1, 0.5, Infinity, 2 ** 32].map((initialWindowSize): [ConnectionOptions, string] => [
    { initialWindowSize },
    `connection.initialWindowSize: must be a whole number from 1 to 4294967295, got ${initialWindowSize}`,
  ]),
  [{ windowSize: 7 } as ConnectionOptions, 'connection.windowSize: there is no such option'],
];

describe('a connection', () => {
  test.each(impossible)('is not made with %j', (options, says) => {
    bench = new Bench();
    expect(() => new Bench(options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', message: says }));
  });

  const edges: ConnectionOptions[] = [
    { maxPacketSize: 1, initialWindowSize: 1 },
    { maxPacketSize: 32_768, initialWindowSize: 2 ** 32 - 1 },
  ];
  test.each(edges)('offers %j as it is', options => {
    bench = new Bench(options);
    bench.link.receive(peer.open('session'));
    const { initialWindowSize, maxPacketSize } = options;
    expect(bench.link.log()).toEqual([`CHANNEL_OPEN_CONFIRMATION 7 0 ${initialWindowSize} ${maxPacketSize}`]);
  });
});
