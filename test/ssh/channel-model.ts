/**
 * Two connections and one channel under any sequence of calls, windows and packet sizes: nothing lost, nothing out of
 * order, to each request its own answer however late, one end each, and not a message on the wire that RFC 4254 §5 forbids.
 *
 * What lies between the two connections is a line: messages handed over, or real engines that exchange keys meanwhile.
 */
import { expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import type { Channel } from '../../ssh/channel.ts';
import { channelStates, type ChannelEvent, type ChannelState } from '../../ssh/channel-states.ts';
import { Message } from '../../ssh/codes.ts';
import type { SshConnection } from '../../ssh/connection.ts';
import type { ConnectionOptions } from '../../ssh/connection-options.ts';
import type { CloseReason } from '../../transport/close-reason.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';
import { turns } from '../support/turns.ts';
import { carried, numberOf, text } from './messages.ts';

/** One end of a line. */
export interface LineEnd {
  /** Every message that its connection has sent. */
  readonly sent: readonly Buffer[];
  /** How the connection was ended for a breach, if it was. */
  readonly disconnected: unknown;
  /** Whether it says that bulk data may be sent, where it may. */
  writable: boolean;
  /** As if the socket had gone. */
  lose(reason: CloseReason): void;
  /** Exchange keys, where there are any. */
  rekey(): void;
}

/** Two connections on a line; the second one takes channels. */
export interface Line extends AsyncDisposable {
  readonly ends: readonly [LineEnd, LineEnd];
  readonly opener: SshConnection;
}

export interface Harness {
  /** Calls that only this kind of line knows, and how often they come. */
  readonly steps: Array<fc.WeightedArbitrary<Step>>;
  /** A line between two connections with these options, whose offers of a packet size are `maxPackets`. */
  readonly lines: fc.Arbitrary<
    (options: [ConnectionOptions, ConnectionOptions], maxPackets: [number, number]) => Promise<Line>
  >;
  /** Worlds to try for each fact. */
  readonly runs: number;
}

/** How a channel is written to. */
type Way = (typeof ways)[number];
const ways = ['write', 'writeBorrowed', 'writeExtended'] as const;

/** One call at one end, or turns of the event loop for both. */
export type Step =
  | { readonly do: Way; readonly end: 0 | 1; readonly count: number }
  | {
      readonly do: 'eof' | 'close' | 'abort' | 'pause' | 'resume' | 'ask' | 'answer' | 'fill link' | 'drain link';
      readonly end: 0 | 1;
    }
  | {
      readonly do: 'owe status' | 'tell status';
      readonly end: 0 | 1;
    }
  | { readonly do: 'rekey'; readonly end: 0 | 1 }
  | { readonly do: 'turn'; readonly count?: number }
  | { readonly do: 'rekey both' };

interface World {
  /** Of each end: the window it gives and the largest packet it takes. */
  readonly windows: readonly [number, number];
  readonly maxPackets: [number, number];
  readonly steps: readonly Step[];
}

const end = fc.constantFrom<0 | 1>(0, 1);
/** Small numbers are where the edges are, so half of them are small. */
const size = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max: Math.min(max, 16) }), fc.integer({ min: 1, max }));
const rare = fc.record({ do: fc.constantFrom('eof' as const, 'pause' as const, 'fill link' as const), end });
const relief = fc.record({ do: fc.constantFrom('resume' as const, 'drain link' as const), end });
/** A request of one end's, and its answer, whenever that comes. */
const asking = fc.record({ do: fc.constantFrom('ask' as const, 'ask' as const, 'answer' as const), end });
/** That there will be an exit status, which a CLOSE of the other end's is answered behind, and that status. */
const owing = fc.record({ do: fc.constantFrom('owe status' as const, 'tell status' as const), end });
const turn = fc.record({ do: fc.constant('turn' as const) });
const closing = fc.record({ do: fc.constantFrom('close' as const, 'abort' as const), end });

const closings = { weight: 1, arbitrary: closing };

const most = 2 ** 32 - 1;
/** Windows from one byte to the largest that there is, and packets likewise. */
const sizes = fc.tuple(size(most), size(most), size(most), size(most));

/** A write is up to eight pieces long on the narrower side, so that it stalls, and that no world takes long. */
const worlds = (...more: Array<fc.WeightedArbitrary<Step>>): fc.Arbitrary<World> =>
  sizes.chain(([here, there, ...packets]) => {
    const write = fc.record({
      do: fc.constantFrom(...ways),
      end,
      count: size(8 * Math.min(here, there, ...packets, 32_768)),
    });
    const step = fc.oneof<Array<fc.WeightedArbitrary<Step>>>(
      { weight: 6, arbitrary: write },
      { weight: 2, arbitrary: rare },
      { weight: 2, arbitrary: relief },
      { weight: 4, arbitrary: turn },
      { weight: 5, arbitrary: asking },
      { weight: 1, arbitrary: owing },
      ...more,
    );
    const steps = fc.array(step, { maxLength: 30 });
    return steps.map(steps => ({ windows: [here, there], maxPackets: packets, steps }));
  });

/** One end, what was asked of it and what it heard. */
class End {
  readonly protocol = new HalfCloseableRecorder();
  readonly link: LineEnd;
  channel!: Channel;
  /** What was written, each piece marked as stderr or not. */
  readonly written: Buffer[] = [];
  readonly kinds: Buffer[] = [];
  /** Pieces written before this end said that it would write no more: they must arrive. What follows may. */
  promised: number | undefined;
  closed = false;
  /** What the other end answered to each request of ours, in the order of asking. */
  readonly answers: Array<Promise<boolean>> = [];
  /** How much this end had sent when a CLOSE came that it owed a status to: that and its own CLOSE follow, and no data. */
  owedFrom: number | undefined;
  readonly #unanswered: Array<() => void> = [];
  #answersAtOnce = false;
  #status: 'none' | 'owed' | 'told' = 'none';
  #next = 0;

  constructor(link: LineEnd) {
    this.link = link;
  }

  start(channel: Channel): void {
    this.channel = channel;
    channel.start(this.protocol);
    channel.onRequest((type, data) => {
      if (type === 'exit-status') return true;
      const answer = answerTo(data.readUInt8());
      return this.#answersAtOnce ? answer : new Promise(resolve => this.#unanswered.push(() => resolve(answer)));
    });
  }

  ask(): void {
    this.answers.push(this.channel.request('test', Buffer.of(this.answers.length), true));
  }

  answer(): void {
    this.#unanswered.shift()?.();
  }

  answerAll(): void {
    this.#answersAtOnce = true;
    for (const answer of this.#unanswered.splice(0)) answer();
  }

  oweStatus(): void {
    if (this.#status !== 'none') return;
    this.#status = 'owed';
    this.channel.oweExitStatus(() => {
      if (!this.closed && this.#status === 'owed') this.owedFrom = this.link.sent.length;
    });
  }

  tellStatus(): void {
    if (this.#status !== 'owed') return;
    this.#status = 'told';
    this.channel.setExitStatus({ code: 7, signal: null, coreDumped: false });
  }

  /** Each byte differs from its neighbours, over the whole life of the channel. */
  write(count: number, way: Way): void {
    const bytes = Buffer.alloc(count);
    for (let index = 0; index < count; index += 1) bytes[index] = (this.#next += 31) & 0xff;
    this.written.push(bytes);
    this.kinds.push(Buffer.alloc(count, way === 'writeExtended' ? 1 : 0));
    const given = Buffer.from(bytes);
    this.channel[way](given);
    if (way === 'writeBorrowed') given.fill(0);
  }

  eof(): void {
    this.promised ??= this.written.length;
    this.channel.loseWriteConnection();
  }

  close(): void {
    this.promised ??= this.written.length;
    this.closed = true;
    this.channel.loseConnection();
  }

  abort(): void {
    this.promised ??= this.written.length;
    this.closed = true;
    this.channel.abortConnection();
  }
}

/** Which requests are granted: a mix, so that an answer which went to another request shows. */
const answerTo = (request: number): boolean => request % 3 !== 1;

const actions: Record<string, (end: End, count: number) => void> = {
  write: (end, count) => end.write(count, 'write'),
  writeBorrowed: (end, count) => end.write(count, 'writeBorrowed'),
  writeExtended: (end, count) => end.write(count, 'writeExtended'),
  eof: end => end.eof(),
  close: end => end.close(),
  abort: end => end.abort(),
  pause: end => end.channel.pauseProducing(),
  resume: end => end.channel.resumeProducing(),
  ask: end => end.ask(),
  answer: end => end.answer(),
  'owe status': end => end.oweStatus(),
  'tell status': end => end.tellStatus(),
  'fill link': end => (end.link.writable = false),
  'drain link': end => (end.link.writable = true),
  rekey: end => end.link.rekey(),
};

type MakeLine = Harness['lines'] extends fc.Arbitrary<infer T> ? T : never;

/** Hands over both ends of a world, after all its steps, with nothing paused and nothing full. */
async function play(
  { windows, maxPackets, steps }: World,
  makeLine: MakeLine,
  check: (ends: [End, End]) => Promise<void>,
): Promise<void> {
  const ends: End[] = [];
  const opened = (channel: Channel): void => ends[1]!.start(channel);
  const [here, there] = windows;
  await using line = await makeLine(
    [{ initialWindowSize: here }, { initialWindowSize: there, channelTypes: { test: { opened } } }],
    maxPackets,
  );
  ends.push(...line.ends.map(end => new End(end)));
  ends[0]!.start(await line.opener.openChannel('test'));
  for (const step of steps) await take(step, ends);
  for (const end of ends) {
    end.link.writable = true;
    end.channel.resumeProducing();
    end.answerAll();
  }
  await check(ends as [End, End]);
}

async function take(step: Step, ends: readonly End[]): Promise<void> {
  if (step.do === 'turn') return turns(step.count ?? 1);
  if (step.do === 'rekey both') for (const { link } of ends) link.rekey();
  else actions[step.do]!(ends[step.end]!, 'count' in step ? step.count : 0);
}

/**
 * What RFC 4254 §5 allows one end to have sent, given what the other had granted by the end of the world; and what it
 * was granted again is no more than it had sent, so that its window never grew.
 */
function checkWire(from: End, { link: other }: End, window: number, maxPacket: number): void {
  expectLife(from.link.sent);
  expect(numberOf(from.link.sent.at(-1)!)).toBe(Message.CHANNEL_CLOSE);
  const data = from.link.sent.filter(payload => carried(payload).length > 0);
  for (const payload of data) expect(carried(payload).length).toBeLessThanOrEqual(maxPacket);
  const granted = other.sent
    .filter(one => numberOf(one) === Message.CHANNEL_WINDOW_ADJUST)
    .map(one => one.readUInt32BE(5));
  const sent = Buffer.concat(data.map(carried));
  const again = granted.reduce((sum, more) => sum + more, 0);
  expect(sent.length).toBeLessThanOrEqual(window + again);
  expect(again).toBeLessThanOrEqual(sent.length);
  expectPrefix(sent, Buffer.concat(from.written));
  expectPrefix(Buffer.concat(data.map(kindsIn)), Buffer.concat(from.kinds));
}

const eventOf = new Map<number, ChannelEvent>([
  [Message.CHANNEL_DATA, 'send-data'],
  [Message.CHANNEL_EXTENDED_DATA, 'send-data'],
  [Message.CHANNEL_EOF, 'send-eof'],
  [Message.CHANNEL_CLOSE, 'send-close'],
]);

/** What one end has sent on a channel, walked through the table of states. */
export function expectLife(sent: readonly Buffer[]): void {
  const heard = sent.flatMap(payload => eventOf.get(numberOf(payload)) ?? []);
  let state: ChannelState = 'open';
  for (const event of heard) {
    const next: ChannelState | undefined = channelStates[state][event];
    expect([state, event, next]).toEqual([state, event, expect.any(String)]);
    state = next ?? state;
  }
}

const kindsIn = (payload: Buffer): Buffer =>
  Buffer.alloc(carried(payload).length, numberOf(payload) === Message.CHANNEL_EXTENDED_DATA ? 1 : 0);

const expectPrefix = (part: Buffer, whole: Buffer): void =>
  expect(part.equals(whole.subarray(0, part.length))).toBe(true);

/** What `end` wrote to stdout, up to piece `pieces`. */
const stdout = ({ written, kinds }: End, pieces = Infinity): Buffer =>
  Buffer.concat(written.slice(0, pieces).filter((_, index) => kinds[index]?.[0] === 0));

/** An end that owed a status when the other's CLOSE came has sent it since, and then its own CLOSE. */
function expectStatusBeforeClose({ link, owedFrom }: End): void {
  if (owedFrom === undefined) return;
  const since = link.sent.slice(owedFrom);
  expect(since.filter(payload => carried(payload).length > 0)).toEqual([]);
  expect(since.slice(-2).map(text)).toEqual([
    expect.stringMatching(/exit-status/),
    expect.stringMatching(/^CHANNEL_CLOSE/),
  ]);
}

/** In memory all that is to happen does so within some turns: what has not come by then is lost. */
async function untilAll(ends: readonly [End, End], has: (end: End) => boolean): Promise<void> {
  for (let left = 2_000; !ends.every(has); left -= 1) {
    if (left === 0) throw new Error(`${has.toString()} is lost:\n${ends.map(heardBy).join('\n')}`);
    await turns(1);
  }
}

const heardBy = ({ protocol, link }: End): string =>
  `${protocol.received} bytes heard; ${protocol.calls.slice(-6).join(', ')}; sent: ${link.sent.slice(-6).map(text).join(', ')}`;

/** Each request has its own answer, or no where the end came first. */
async function expectAnswers({ answers }: End, end: 'with all answers' | 'maybe before some'): Promise<void> {
  const heard = await Promise.all(answers);
  const wanted = heard.map((_, request) => answerTo(request));
  const known = end === 'with all answers' ? heard.length : heard.lastIndexOf(true) + 1;
  expect(heard.slice(0, known)).toEqual(wanted.slice(0, known));
}

/** All that `writer` wrote before it said that it had ended was heard. */
function expectAllHeard({ protocol }: End, writer: End): void {
  expect(protocol.received).toBeGreaterThanOrEqual(stdout(writer, writer.promised).length);
  expectPrefix(protocol.bytes, stdout(writer));
}

async function checkEnd(ends: [End, End], { windows, maxPackets }: World): Promise<void> {
  const [left, right] = ends;
  await untilAll(ends, ({ protocol }) => protocol.lost > 0);
  for (const end of ends) end.tellStatus();
  await untilAll(ends, ({ link }) => numberOf(link.sent.at(-1)!) === Message.CHANNEL_CLOSE);
  await turns(2);
  expect(ends.map(({ protocol }) => [protocol.lost, protocol.calls.at(-1)])).toEqual(
    Array<unknown>(2).fill([1, 'connectionLost']),
  );
  expect(ends.map(({ link }) => link.disconnected)).toEqual([undefined, undefined]);
  for (const end of ends) expectStatusBeforeClose(end);
  checkWire(left, right, windows[1], maxPackets[1]);
  checkWire(right, left, windows[0], maxPackets[0]);
  expectPrefix(left.protocol.bytes, stdout(right));
  expectPrefix(right.protocol.bytes, stdout(left));
  for (const end of ends) await expectAnswers(end, 'maybe before some');
}

/** The facts, on lines of one kind. */
export function channelFacts({ steps, lines, runs }: Harness): void {
  const inAnyWorld = async (
    check: (ends: [End, End], world: World, which: 0 | 1) => Promise<void>,
    ...more: Array<fc.WeightedArbitrary<Step>>
  ): Promise<void> => {
    const property = fc.asyncProperty(worlds(...steps, ...more), lines, end, (world, line, which) =>
      play(world, line, ends => check(ends, world, which)),
    );
    await fc.assert(property, { numRuns: runs });
  };

  test('whose ends only ever stop writing delivers everything, both ways, and then closes in order', () =>
    inAnyWorld(async (ends, world) => {
      for (const end of ends) end.eof();
      await untilAll(ends, ({ protocol }) => protocol.readLost === 1);
      expectAllHeard(ends[0], ends[1]);
      expectAllHeard(ends[1], ends[0]);
      for (const end of ends) await expectAnswers(end, 'with all answers');
      ends[0].close();
      await checkEnd(ends, world);
      expect(ends.map(({ protocol }) => protocol.reason?.kind)).toEqual(['done', 'done']);
    }));

  test('that one end closes delivers all that this end wrote', () =>
    inAnyWorld(async (ends, world, closer) => {
      ends[closer].close();
      await checkEnd(ends, world);
      expectAllHeard(ends[1 - closer]!, ends[closer]);
    }));

  test('that is closed or aborted in the middle of anything ends once at both ends, and says nothing after CLOSE', () =>
    inAnyWorld(async (ends, world) => {
      for (const end of ends) if (!end.closed) end.close();
      await checkEnd(ends, world);
    }, closings));

  test('whose link is lost in the middle of anything tells both ends once', () =>
    inAnyWorld(async ends => {
      for (const { link } of ends) link.lose({ kind: 'lost', error: new Error('cable cut') });
      await untilAll(ends, ({ protocol }) => protocol.lost > 0);
      await turns(2);
      expect(ends.map(({ protocol }) => protocol.lost)).toEqual([1, 1]);
      for (const end of ends) await expectAnswers(end, 'maybe before some');
      for (const end of ends)
        expect(end.link.sent.map(text).filter(line => line.startsWith('CHANNEL_CLOSE')).length).toBeLessThan(2);
    }, closings));
}
