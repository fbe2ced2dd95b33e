/** Asking, agreeing and refusing: what the four words promise, and that no peer can keep us waiting, answering or growing. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { ConnectionLostError, LocalMisuseError } from '../../../transport/errors.ts';
import { TelnetOption } from '../../../transport/telnet/codes.ts';
import type { ITelnetTransport } from '../../../transport/telnet/contracts.ts';
import { turns } from '../../support/turns.ts';
import { hex, joined, latin1, played, settle, TelnetRecorder } from './lab.ts';

const { BINARY, ECHO, SGA, NAWS } = TelnetOption;

describe('asking', () => {
  test('resolves with true when the peer agrees, and the option is on', async () => {
    const { near, transport, receive, sent } = played(new TelnetRecorder());
    const answer = transport.do(NAWS);
    await settle();
    expect([sent(), transport.isEnabled('remote', NAWS)]).toEqual(['fffd1f', false]);
    await receive(hex('fffb1f'));
    expect([await answer, transport.isEnabled('remote', NAWS)]).toEqual([true, true]);
    expect(near.events).toEqual([{ kind: 'option', option: NAWS, side: 'remote', enabled: true }]);
  });

  test('resolves with false when the peer refuses', async () => {
    const { transport, receive } = played(new TelnetRecorder());
    const answer = transport.will(ECHO);
    await receive(hex('fffe01'));
    expect(await answer).toBe(false);
  });

  test('for what is so already resolves at once, and sends nothing', async () => {
    const { transport, sent } = played(new TelnetRecorder());
    expect([await transport.wont(ECHO), await transport.dont(ECHO)]).toEqual([false, false]);
    await settle();
    expect(sent()).toBe('');
  });

  test('for the opposite meanwhile waits its turn, and everybody hears how it settled', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder());
    const answers = [transport.will(SGA), transport.wont(SGA)];
    await settle();
    expect(sent()).toBe('fffb03');
    await receive(hex('fffd03'));
    expect(sent()).toBe('fffc03');
    await receive(hex('fffe03'));
    expect(await Promise.all(answers)).toEqual([false, false]);
  });

  test('for the same meanwhile joins in', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder());
    const answers = [transport.will(SGA), transport.will(SGA)];
    await receive(hex('fffd03'));
    expect([await Promise.all(answers), sent()]).toEqual([[true, true], 'fffb03']);
  });

  test('without an answer resolves with what it was; a late answer still counts', async () => {
    const { near, transport, receive } = played(new TelnetRecorder(), { answerTime: 1 });
    expect(await transport.do(NAWS)).toBe(false);
    expect(await transport.do(NAWS)).toBe(false);
    await receive(hex('fffb1f'));
    expect([transport.isEnabled('remote', NAWS), near.events.length]).toEqual([true, 1]);
    expect(await transport.dont(NAWS)).toBe(true);
  });

  test('is refused with a misuse for what is no option', async () => {
    const { transport } = played(new TelnetRecorder());
    for (const option of [-1, 256, 1.5, Number.NaN]) {
      await expect(transport.will(option)).rejects.toThrow(LocalMisuseError);
      expect(() => transport.requestNegotiation(option, new Uint8Array())).toThrow(LocalMisuseError);
    }
    for (const command of [235, 240, 250, 255]) expect(() => transport.sendCommand(command)).toThrow(LocalMisuseError);
  });

  test('fails with the reason when the connection ends first, and afterwards', async () => {
    const { near, transport, peer } = played(new TelnetRecorder());
    const answer = transport.will(ECHO);
    peer.transport.abortConnection();
    await expect(answer).rejects.toThrow(ConnectionLostError);
    const reason = await near.ended();
    expect(reason.kind).toBe('lost');
    await expect(transport.do(ECHO)).rejects.toMatchObject({ reason });
  });

  test('and looking away is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): unknown => unhandled.push(error);
    process.on('unhandledRejection', note);
    const { near, transport } = played(new TelnetRecorder());
    void transport.will(ECHO);
    transport.abortConnection();
    void transport.will(ECHO);
    await near.ended();
    await turns(5);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

test('a protocol may turn an option off as soon as it hears that it is on, and is told when it is off', async () => {
  const answers: Array<Promise<boolean>> = [];
  const near = new TelnetRecorder({
    telnetReceived: event => {
      if (event.kind === 'option' && event.enabled) answers.push(transport.dont(event.option));
    },
  });
  const { transport, receive, sent } = played(near);
  const first = transport.do(NAWS);
  await receive(hex('fffb1f'));
  expect([sent(), await first]).toEqual(['fffd1ffffe1f', true]);
  let settled = false;
  void answers[0]?.then(() => (settled = true));
  await settle();
  expect(settled).toBe(false);
  await receive(hex('fffc1f'));
  expect(await Promise.all(answers)).toEqual([false]);
});

describe('being asked', () => {
  test('everything that is not allowed is refused, at the side where it is not', async () => {
    const { receive, sent } = played(new TelnetRecorder(), { local: [ECHO], remote: [NAWS] });
    await receive(hex('fffd01 fffb01 fffb1f fffd1f fffd00 fffb27'));
    expect(sent()).toBe('fffb01 fffe01 fffd1f fffc1f fffc00 fffe27'.replaceAll(' ', ''));
  });

  test('an echo of an echo is refused (RFC 857)', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder(), { local: [ECHO], remote: [ECHO] });
    await receive(hex('fffd01 fffb01'));
    expect(sent()).toBe('fffb01fffe01');
    expect(transport.isEnabled('remote', ECHO)).toBe(false);
  });

  test('repeating what is so already is not answered: no loop (RFC 854)', async () => {
    const { receive, sent } = played(new TelnetRecorder(), { local: [SGA] });
    await receive(hex('fffd03 fffd03 fffd03 fffe01 fffc01'));
    expect(sent()).toBe('fffb03');
  });

  test('answers keep their place among the bytes', async () => {
    const near = new TelnetRecorder({ dataReceived: () => near.transport.write(latin1('echo')) });
    const { receive, sent } = played(near, { local: [SGA] });
    await receive(hex('61 fffd03 62'));
    expect(sent()).toBe(Buffer.from('echo\xff\xfb\x03echo', 'latin1').toString('hex'));
  });
});

test('a peer that asks and asks, and does not read, is read no further', async () => {
  const { near, peer, receive } = played(new TelnetRecorder(), { maxQueueBytes: 10_000 });
  peer.transport.pauseProducing();
  const flood = Buffer.from('fffb01fffd02'.repeat(400), 'hex');
  for (let round = 0; round < 50; round += 1) await receive(flood);
  expect(near.lost).toBe(0);
  peer.transport.resumeProducing();
  await receive(hex('61'));
  await near.until(() => near.text === 'a');
  await peer.until(() => peer.received === 6 * 400 * 50);
  expect(peer.bytes.equals(Buffer.from('fffe01fffc02'.repeat(400 * 50), 'hex'))).toBe(true);
});

describe('BINARY', () => {
  test('what is written between WILL BINARY and the answer waits, so that it is read as it is meant', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder());
    transport.write(hex('0d'));
    const answer = transport.will(BINARY);
    transport.write(hex('0d'));
    await settle();
    expect(sent()).toBe('0d00fffb00');
    await receive(hex('fffd00'));
    expect([await answer, sent()]).toEqual([true, '0d']);
  });

  test('a refusal lets it go as it is without BINARY', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder());
    void transport.will(BINARY);
    transport.write(hex('0d'));
    await receive(hex('fffe00'));
    expect(sent()).toBe('fffb000d00');
  });

  test('ends for our data where our WONT stands in it, before the peer has acknowledged it', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder());
    void transport.will(BINARY);
    await receive(hex('fffd00'));
    void transport.wont(BINARY);
    transport.write(hex('0d'));
    await settle();
    expect(sent()).toBe('fffb00fffc000d00');
  });

  test('so does silence', async () => {
    const { transport, peer } = played(new TelnetRecorder(), { answerTime: 1 });
    void transport.will(BINARY);
    transport.write(hex('0d'));
    transport.loseConnection();
    await peer.ended();
    expect(peer.bytes.toString('hex')).toBe('fffb000d00');
  });

  test('answers to the peer do not wait for it: two ends that both wait would wait for ever', async () => {
    const both = { local: [BINARY], remote: [BINARY] };
    const [near, far] = [new TelnetRecorder(), new TelnetRecorder()];
    const ends = joined(near, far, both, both);
    const answers = ends.map(end => end.will(BINARY));
    for (const end of ends) end.write(hex('0d ff 0a'));
    expect(await Promise.all(answers)).toEqual([true, true]);
    await near.until(() => near.received === 3);
    await far.until(() => far.received === 3);
    expect([near.bytes, far.bytes]).toEqual([Buffer.from('\r\xff\n', 'latin1'), Buffer.from('\r\xff\n', 'latin1')]);
  });
});

type Call = 'will' | 'wont' | 'do' | 'dont' | 'write' | 'wait';
const steps = fc.array(
  fc.record({
    end: fc.constantFrom(0, 1),
    call: fc.constantFrom<Call>('will', 'wont', 'do', 'dont', 'write', 'write', 'wait'),
    option: fc.constantFrom<number>(BINARY, BINARY, SGA, ECHO),
    data: fc.array(fc.constantFrom(13, 10, 0, 255, 97), { maxLength: 6 }),
  }),
  { maxLength: 30 },
);

test('two ends that turn options on and off at random settle, agree, and lose or change no byte', async () => {
  const allowed = fc.subarray<number>([BINARY, SGA, ECHO]);
  const property = fc.asyncProperty(steps, allowed, allowed, async (calls, local, remote) => {
    const recorders = [new TelnetRecorder(), new TelnetRecorder()] as const;
    const ends = joined(
      ...recorders,
      { lineEnds: 'crlf', local, remote },
      { lineEnds: 'crlf', local: remote, remote: local },
    );
    const written: [number[], number[]] = [[], []];
    const answers: Array<Promise<boolean>> = [];
    for (const { end, call, option, data } of calls) {
      if (call === 'wait') await turns(1);
      else if (call !== 'write') answers.push(ends[end][call](option));
      else {
        written[end].push(...data);
        ends[end].write(Uint8Array.from(data));
      }
    }
    await Promise.all(answers);
    await recorders[1].until(() => recorders[1].received >= written[0].length);
    await recorders[0].until(() => recorders[0].received >= written[1].length);
    await settle();
    expect(recorders.map(({ bytes }) => [...bytes])).toEqual([written[1], written[0]]);
    expect(stateOf(ends[0], 'local')).toEqual(stateOf(ends[1], 'remote'));
    expect(stateOf(ends[0], 'remote')).toEqual(stateOf(ends[1], 'local'));
    for (const end of ends) end.abortConnection();
  });
  await fc.assert(property, { numRuns: 200 });
});

const stateOf = (end: ITelnetTransport, side: 'local' | 'remote'): boolean[] =>
  [BINARY, SGA, ECHO].map(option => end.isEnabled(side, option));
