/** Channel requests, both ways: answered once each, in order, whatever the listener does. RFC 4254 §5.4, §6. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { RequestListener } from '../../ssh/request-queue.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';
import { turns } from '../support/turns.ts';
import { Bench } from './bench.ts';
import * as peer from './messages.ts';

let bench: Bench;
afterEach(() => {
  bench.end();
  jest.useRealTimers();
});

const yes = 'CHANNEL_SUCCESS 7';
const no = 'CHANNEL_FAILURE 7';
const broken = new Error('the listener is broken');

/** How a listener may answer, and the answer that the peer must get. */
const behaviours: Record<string, { answer: () => boolean | Promise<boolean>; reply: string }> = {
  'yes at once': { answer: () => true, reply: yes },
  'no at once': { answer: () => false, reply: no },
  'yes later': { answer: () => turns(2).then(() => true), reply: yes },
  'no later': { answer: () => turns(1).then(() => false), reply: no },
  throws: {
    answer: () => {
      throw broken;
    },
    reply: no,
  },
  rejects: { answer: () => Promise.reject(broken), reply: no },
  'rejects later': { answer: () => turns(2).then(() => Promise.reject(broken)), reply: no },
};

const byName: RequestListener = type => behaviours[type]!.answer();

describe('a request of the peer’s', () => {
  for (const [behaviour, { reply }] of Object.entries(behaviours)) {
    test(`gets ${reply} from a listener that says ${behaviour}, once, and so does the one behind it`, async () => {
      bench = new Bench();
      bench.session().channel.onRequest(byName);
      bench.link.receive(peer.request(0, behaviour), peer.request(0, 'yes at once'));
      await turns(6);
      expect(bench.link.log()).toEqual([reply, yes]);
    });
  }

  test('is answered in the order of asking, however long the first takes', async () => {
    bench = new Bench();
    const asked: string[] = [];
    bench.session().channel.onRequest(type => {
      asked.push(type);
      return byName(type, Buffer.alloc(0));
    });
    const types = ['yes later', 'no at once', 'rejects later', 'throws', 'no later', 'yes at once'];
    bench.link.receive(...types.map(type => peer.request(0, type)));
    expect(asked).toEqual(['yes later']);
    await turns(12);
    expect(asked).toEqual(types);
    expect(bench.link.log()).toEqual(types.map(type => behaviours[type]!.reply));
  });

  test('that wants no reply gets none, but has its place in the order', async () => {
    bench = new Bench();
    bench.session().channel.onRequest(byName);
    bench.link.receive(
      peer.request(0, 'yes later', false),
      peer.request(0, 'no at once'),
      peer.request(0, 'throws', false),
    );
    await turns(4);
    expect(bench.link.log()).toEqual([no]);
  });

  test('answered at once is answered before the first byte that the answer brings about', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    channel.onRequest(() => {
      channel.write(Buffer.from('hello'));
      return true;
    });
    bench.link.receive(peer.request(0, 'exec'));
    await turns(1);
    expect(bench.link.log()).toEqual([yes, 'CHANNEL_DATA 7 "hello"']);
  });

  test('waits until somebody listens, and is answered then', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    bench.link.receive(peer.request(0, 'yes at once'), peer.request(0, 'no at once'));
    await turns(2);
    expect(bench.link.sent).toEqual([]);
    channel.onRequest(byName);
    await turns(1);
    expect(bench.link.log()).toEqual([yes, no]);
  });

  test('reaches the listener with its type and what it carries, "constructor" and "__proto__" too', () => {
    bench = new Bench();
    const seen: Array<[type: string, data: string]> = [];
    bench.session().channel.onRequest((type, data) => seen.push([type, data.toString()]) > 0);
    const requests: Array<[type: string, data: string]> = [
      ['exec', 'ls'],
      ['constructor', ''],
      ['__proto__', 'x'],
      ['', ''],
    ];
    for (const [type, data] of requests) bench.link.receive(peer.request(0, type, false, data));
    expect(seen).toEqual(requests);
  });

  test('that is never answered holds up its own channel and no other', async () => {
    bench = new Bench();
    bench.session().channel.onRequest(() => new Promise(() => undefined));
    bench.session({ id: 8 }).channel.onRequest(byName);
    bench.link.receive(peer.request(0, 'shell'), peer.request(0, 'env'), peer.request(1, 'yes at once'));
    await turns(4);
    expect(bench.link.log()).toEqual(['CHANNEL_SUCCESS 8']);
    expect(bench.link.disconnected).toBeUndefined();
  });

  describe('that is never answered, but has a time limit,', () => {
    test('is answered no, once, and the next one has its turn', async () => {
      bench = new Bench({ requestTimeout: 1 });
      const failures: string[] = [];
      let answerLate: (yes: boolean) => void = () => undefined;
      const listener: RequestListener = type => type !== 'slow' || new Promise(resolve => (answerLate = resolve));
      bench.session().channel.onRequest(listener, error => failures.push(error.message));
      bench.link.receive(peer.request(0, 'slow'), peer.request(0, 'quick'));
      for (let round = 0; round < 100_000 && bench.link.sent.length < 2; round += 1) await turns(1);
      answerLate(true);
      await turns(4);
      expect(bench.link.log()).toEqual([no, yes]);
      expect(failures).toEqual(['no answer to the request "slow" within 1 ms']);
    });

    // the time limit, how the listener answers, how many clocks run behind that
    const clockFacts: Array<[requestTimeout: number, how: string, answer: () => Promise<boolean>, running: number]> = [
      [60_000, 'never', () => new Promise(() => undefined), 1],
      [60_000, 'later', async () => true, 0],
      [0, 'never', () => new Promise(() => undefined), 0],
    ];
    for (const [requestTimeout, how, answer, running] of clockFacts) {
      test(`has ${running} clocks running with a limit of ${requestTimeout} ms and a listener that answers ${how}`, async () => {
        jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
        bench = new Bench({ requestTimeout });
        bench.session().channel.onRequest(answer);
        const before = jest.getTimerCount();
        bench.link.receive(peer.request(0, 'slow'));
        await turns(4);
        expect(jest.getTimerCount() - before).toBe(running);
      });
    }

    test('leaves no clock running once the channel has closed', async () => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
      bench = new Bench({ requestTimeout: 60_000 });
      bench.session().channel.onRequest(() => new Promise(() => undefined));
      bench.link.receive(peer.request(0, 'slow'));
      expect(jest.getTimerCount()).toBe(1);
      bench.end();
      await turns(1);
      expect(jest.getTimerCount()).toBe(0);
    });
  });

  // how a listener says no, and whether that is a fault of ours that somebody must hear of
  const faults: Array<[how: string, listener: RequestListener, heard: Error[]]> = [
    ['throws', byName, [broken]],
    ['rejects later', byName, [broken]],
    ['no later', byName, []],
    [
      'throws that the peer broke a rule',
      () => {
        throw new RemoteProtocolError('RFC 4254 §6.2', 'a mode without a value');
      },
      [],
    ],
  ];
  for (const [how, listener, heard] of faults) {
    test(`whose listener ${how} is answered first, and then told as ${heard.length} faults of ours`, async () => {
      bench = new Bench();
      const told: unknown[] = [];
      bench.session().channel.onRequest(listener, error => told.push(...bench.link.log(), error));
      bench.link.receive(peer.request(0, how));
      await turns(4);
      expect(told).toEqual(heard.flatMap(error => [no, error]));
      expect(bench.link.log()).toEqual([no]);
    });
  }

  test('that comes after our CLOSE is ignored (RFC 4254 §5.3)', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    let asked = 0;
    channel.onRequest(() => (asked += 1) > 0);
    channel.abortConnection();
    await protocol.ended();
    bench.link.receive(peer.request(0, 'shell'), peer.request(0, 'signal', false));
    expect([asked, bench.link.log(), bench.link.disconnected]).toEqual([0, ['CHANNEL_CLOSE 7'], undefined]);
  });

  test('that is still waiting when we close is neither shown to the listener nor answered', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    const asked: string[] = [];
    channel.onRequest(type => {
      asked.push(type);
      return turns(2).then(() => true);
    });
    bench.link.receive(peer.request(0, 'exec'), peer.request(0, 'signal'));
    channel.abortConnection();
    await protocol.ended();
    await turns(6);
    expect([asked, bench.link.log()]).toEqual([['exec'], ['CHANNEL_CLOSE 7']]);
  });
});

test('a listener that fails once the channel has closed is nobody’s fault to hear of', async () => {
  bench = new Bench();
  const told: Error[] = [];
  bench.session().channel.onRequest(byName, error => told.push(error));
  bench.link.receive(peer.request(0, 'rejects later'));
  bench.end();
  await turns(4);
  expect(told).toEqual([]);
});

describe('a request of ours', () => {
  test('resolves to the peer’s answer, in the order of asking', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    const answers = Promise.all(['a', 'b', 'c'].map(type => channel.request(type, Buffer.from('!'), true)));
    expect(bench.link.log()).toEqual(['a', 'b', 'c'].map(type => `CHANNEL_REQUEST 7 "${type}" true 21`));
    bench.link.receive(peer.success(0), peer.failure(0), peer.failure(0));
    expect(await answers).toEqual([true, false, false]);
  });

  test('that wants no reply has succeeded when it is sent', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    expect(await channel.request('signal', Buffer.alloc(0), false)).toBe(true);
    expect(bench.link.log()).toEqual(['CHANNEL_REQUEST 7 "signal" false']);
  });

  // how the channel ends before the answer
  const endings: Array<[how: string, end: () => void]> = [
    ['the peer closes', () => bench.link.receive(peer.close(0))],
    ['we close, and the peer is silent', () => bench.opened[0]!.channel.abortConnection()],
    ['the connection is lost', () => bench.end()],
  ];
  for (const [how, end] of endings) {
    test(`has failed when ${how} first`, async () => {
      bench = new Bench();
      const answer = bench.session().channel.request('shell', Buffer.alloc(0), true);
      end();
      expect(await answer).toBe(false);
    });
  }

  test('whose answer crosses our CLOSE on the way is no breach', async () => {
    bench = new Bench();
    const { channel } = bench.session();
    const answer = channel.request('shell', Buffer.alloc(0), true);
    channel.abortConnection();
    bench.link.receive(peer.success(0), peer.close(0));
    expect([await answer, bench.link.disconnected]).toEqual([false, undefined]);
  });

  test('on a channel that is over fails without a word on the wire', async () => {
    bench = new Bench();
    const { channel, protocol } = bench.session();
    channel.loseConnection();
    await protocol.ended();
    const sent = bench.link.sent.length;
    expect(await channel.request('signal', Buffer.alloc(0), false)).toBe(false);
    expect(bench.link.sent.length).toBe(sent);
  });
});

test('requests and data reach two protocols of two channels apart', () => {
  bench = new Bench();
  const protocols: HalfCloseableRecorder[] = [bench.session().protocol, bench.session().protocol];
  bench.link.receive(peer.request(0, 'env', false), peer.data(1, 'b'), peer.data(0, 'a'));
  expect(protocols.map(({ text }) => text)).toEqual(['a', 'b']);
});
