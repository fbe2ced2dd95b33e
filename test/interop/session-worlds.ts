/**
 * Sessions of our client at somebody else's server, under any sequence of calls, windows and packet sizes, with new keys
 * in the middle of anything: every byte exact, the ends in order, each program's end told.
 *
 * The server runs real programs, so what arrives when is up to it; what arrives in all is not.
 */
import { expect } from '@jest/globals';
import fc from '../support/properties.ts';
import type { Channel } from '../../ssh/channel.ts';
import { Message } from '../../ssh/codes.ts';
import type { SshConnection } from '../../ssh/connection.ts';
import { ClientEnd } from '../../ssh/test-ends.ts';
import { message, string } from '../../ssh/wire.ts';
import { expectLife } from '../ssh/channel-model.ts';
import { carried, numberOf, text } from '../ssh/messages.ts';
import { Journal } from '../support/journal.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';
import { tapped } from '../support/tapped-link.ts';
import { turns } from '../support/turns.ts';
import { connectEnd, loginTo } from './client-login.ts';
import type { RunningServer } from './running-server.ts';

/** What a program does with its input, and how it ends. */
interface Program {
  /** As a shell takes it. `count` is how much it says of itself. */
  readonly command: (count: number) => string;
  readonly stdout: (input: Buffer, count: number) => Buffer;
  readonly stderr?: (count: number) => Buffer;
  /** As `text` writes it, behind the channel's number. */
  readonly end: string;
}

const status = (code: number): string => `"exit-status" false ${code.toString(16).padStart(8, '0')}`;
/** Without a core: what else an exit signal tells is for people. */
const signal = (name: string): string => `"exit-signal" false ${message(string(name), Buffer.of(0)).toString('hex')}`;
const lines = (count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => `${index + 1}\n`).join(''));
const same = (input: Buffer): Buffer => input;

const programs = {
  echo: { command: () => 'exec cat', stdout: same, end: status(0) },
  'both streams': {
    command: count => `seq ${count}; seq ${count} >&2; seq ${count}; seq ${count} >&2; exec cat`,
    stdout: (input, count) => Buffer.concat([lines(count), lines(count), input]),
    stderr: count => Buffer.concat([lines(count), lines(count)]),
    end: status(0),
  },
  status: { command: () => 'cat; exit 7', stdout: same, end: status(7) },
  signal: { command: () => 'cat; kill -KILL $$', stdout: same, end: signal('KILL') },
  'ends early': { command: () => 'head -c 3; exit 3', stdout: input => input.subarray(0, 3), end: status(3) },
} as const satisfies Record<string, Program>;

type ProgramName = keyof typeof programs;

/** One call at one session, turns of our event loop, or a question and its answer, which takes as long as the server. */
type Step =
  | { readonly do: 'write'; readonly session: number; readonly count: number }
  | { readonly do: 'pause' | 'resume' | 'eof' | 'close' | 'abort'; readonly session: number }
  | { readonly do: 'turn' }
  | { readonly do: 'round trip' }
  | { readonly do: 'rekey' };

interface World {
  /** What we give the server on each channel. */
  readonly window: number;
  readonly maxPacket: number;
  readonly programs: readonly ProgramName[];
  /** How much a program says of itself. */
  readonly count: number;
  readonly steps: readonly Step[];
}

/** Small numbers are where the edges are, so half of them are small. */
const size = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max: Math.min(max, 16) }), fc.integer({ min: 1, max }));

const MOST_SESSIONS = 4;
/** No more than the pace of key exchanges that a server puts up with. */
const MOST_REKEYS = 6;

/** What comes back is some pieces long, so that it stalls, and that no world takes long. */
const worlds: fc.Arbitrary<World> = fc.tuple(size(2 ** 21), size(32_768)).chain(([window, maxPacket]) => {
  const narrow = Math.min(window, maxPacket);
  const session = fc.nat({ max: MOST_SESSIONS - 1 });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), session, count: size(8 * narrow) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), session }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('eof' as const, 'close' as const, 'abort' as const), session }),
    },
    {
      weight: 6,
      arbitrary: fc.constantFrom<Step>({ do: 'turn' }, { do: 'round trip' }, { do: 'rekey' }),
    },
  );
  return fc.record({
    window: fc.constant(window),
    maxPacket: fc.constant(maxPacket),
    programs: fc.array(fc.constantFrom(...(Object.keys(programs) as ProgramName[])), {
      minLength: 1,
      maxLength: MOST_SESSIONS,
    }),
    count: size(Math.min(narrow, 2_000)),
    steps: fc.array(step, { maxLength: 40 }),
  });
});

/** One session: what was written to it, and what it heard. */
class Session {
  readonly protocol = new HalfCloseableRecorder();
  readonly program: Program;
  readonly #channel: Channel;
  readonly #written: Buffer[] = [];
  /** How we ended it, if we did. */
  ended: 'no' | 'eof' | 'close' | 'abort' = 'no';
  #next = 0;

  constructor(channel: Channel, program: Program) {
    this.#channel = channel;
    this.program = program;
    channel.start(this.protocol);
  }

  get localId(): number {
    return this.#channel.localId;
  }

  get input(): Buffer {
    return Buffer.concat(this.#written);
  }

  async run(count: number): Promise<void> {
    expect(await this.#channel.request('exec', string(this.program.command(count)) as Buffer, true)).toBe(true);
  }

  /** Each byte differs from its neighbours, over the whole life of the session. */
  write(count: number): void {
    if (this.ended !== 'no') return;
    const bytes = Buffer.from(Array.from({ length: count }, () => (this.#next += 31) & 0xff));
    this.#written.push(bytes);
    this.#channel.write(bytes);
  }

  pause(): void {
    this.#channel.pauseProducing();
  }

  resume(): void {
    this.#channel.resumeProducing();
  }

  eof(): void {
    if (this.ended === 'no') this.ended = 'eof';
    this.#channel.loseWriteConnection();
  }

  close(): void {
    if (this.ended !== 'abort') this.ended = 'close';
    this.#channel.loseConnection();
  }

  abort(): void {
    this.ended = 'abort';
    this.#channel.abortConnection();
  }
}

/** Every message of one connection, both ways; what concerns one channel is found by number. */
class Wire {
  readonly #sent: Buffer[] = [];
  readonly #received: Buffer[] = [];
  /** What came, as `text` writes it. */
  readonly #heard = new Journal<string>();
  readonly tap = {
    sent: (payload: Buffer): void => void this.#sent.push(payload),
    received: (payload: Buffer): Buffer => {
      this.#received.push(payload);
      this.#heard.note(text(payload));
      return payload;
    },
  };

  received(localId: number): Buffer[] {
    return this.#received.filter(payload => isAbout(payload, localId));
  }

  /** The server has said CLOSE. */
  async closed(localId: number): Promise<void> {
    const close = `CHANNEL_CLOSE ${localId}`;
    await this.#heard.until(() => this.#heard.entries.includes(close), close);
  }

  sent(localId: number): Buffer[] {
    const confirmed = this.received(localId).find(one => numberOf(one) === Message.CHANNEL_OPEN_CONFIRMATION);
    const remoteId = confirmed!.readUInt32BE(5);
    return this.#sent.filter(payload => isAbout(payload, remoteId));
  }
}

/** Messages of a channel begin with its receiver's number of it; the one that asks for a channel does not. */
const isAbout = (payload: Buffer, id: number): boolean =>
  numberOf(payload) > Message.CHANNEL_OPEN && payload.readUInt32BE(1) === id;

const actions = {
  write: (session: Session, count: number) => session.write(count),
  pause: (session: Session) => session.pause(),
  resume: (session: Session) => session.resume(),
  eof: (session: Session) => session.eof(),
  close: (session: Session) => session.close(),
  abort: (session: Session) => session.abort(),
};

const roundTrip = (connection: SshConnection): Promise<unknown> =>
  connection.request('keepalive@openssh.com', Buffer.alloc(0), true);

async function take(step: Step, end: ClientEnd, sessions: readonly Session[]): Promise<void> {
  if (step.do === 'turn') return turns(1);
  if (step.do === 'round trip') return void (await roundTrip(end.connection));
  if (step.do === 'rekey') return end.link.rekey();
  actions[step.do](sessions[step.session % sessions.length]!, 'count' in step ? step.count : 0);
}

/** What is known of a server. */
export interface ServerFacts {
  /** Whether it tells the program's end also to a client that has closed, before it answers that. */
  readonly tellsTheClosed: boolean;
}

const isRekey = (step: Step): boolean => step.do === 'rekey';

/** A peer that is asked for new keys too often hangs up. */
function fewRekeys(steps: readonly Step[], most: number): Step[] {
  let left = most;
  return steps.filter(step => !isRekey(step) || (left -= 1) >= 0);
}

async function play(server: RunningServer, world: World, facts: ServerFacts): Promise<void> {
  const wire = new Wire();
  const { window: initialWindowSize, maxPacket: maxPacketSize } = world;
  const end = new ClientEnd({
    ...(await loginTo(server)),
    connection: { initialWindowSize, maxPacketSize },
    wrap: link => tapped(link, wire.tap),
  });
  await using _ = await connectEnd(server, end);
  const sessions = await begin(end, world);
  for (const step of fewRekeys(world.steps, MOST_REKEYS)) await take(step, end, sessions);
  for (const session of sessions) {
    session.resume();
    if (session.ended === 'no') session.eof();
  }
  await Promise.all(sessions.map(({ protocol }) => protocol.ended(45_000)));
  await Promise.all(sessions.map(({ localId }) => wire.closed(localId)));
  await roundTrip(end.connection);
  expect(end.reason).toBeUndefined();
  expect(end.exchanges > 1).toBe(world.steps.some(isRekey));
  for (const session of sessions) check(session, wire, world, facts);
}

/** Sessions whose programs run. */
async function begin(end: ClientEnd, { programs: names, count }: World): Promise<Session[]> {
  const opening = names.map(async name => new Session(await end.connection.openChannel('session'), programs[name]));
  const sessions = await Promise.all(opening);
  await Promise.all(sessions.map(session => session.run(count)));
  return sessions;
}

function check(session: Session, wire: Wire, world: World, { tellsTheClosed }: ServerFacts): void {
  const [sent, received] = [wire.sent(session.localId), wire.received(session.localId)];
  expectLife(sent);
  expectWindow(sent, received, world);
  expectOutput(session, received, world.count);
  expect([session.protocol.lost, session.protocol.calls.at(-1)]).toEqual([1, 'connectionLost']);
  if (session.ended === 'eof') expectEnd(session, received);
  else if (tellsTheClosed) expectEndBehindClose(session, received);
}

/** What came is no more than we had granted, and we granted no more than had come. */
function expectWindow(sent: Buffer[], received: Buffer[], { window, maxPacket }: World): void {
  const sizes = received.map(payload => carried(payload).length);
  const grants = sent.filter(one => numberOf(one) === Message.CHANNEL_WINDOW_ADJUST).map(one => one.readUInt32BE(5));
  const [came, granted] = [sum(sizes), sum(grants)];
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxPacket);
  expect(came).toBeLessThanOrEqual(window + granted);
  expect(granted).toBeLessThanOrEqual(came);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** All of it, or the beginning, where we did not wait for the end. */
function expectOutput({ protocol, program, input, ended }: Session, received: Buffer[], count: number): void {
  const extended = received.filter(one => numberOf(one) === Message.CHANNEL_EXTENDED_DATA);
  const heard = [protocol.bytes, Buffer.concat(extended.map(carried))];
  const wanted = [program.stdout(input, count), program.stderr?.(count) ?? Buffer.alloc(0)];
  const lengths = heard.map(({ length }) => length);
  if (ended === 'eof') expect(lengths).toEqual(wanted.map(({ length }) => length));
  expect(heard.map((bytes, index) => bytes.equals(wanted[index]!.subarray(0, bytes.length)))).toEqual([true, true]);
}

/** The program's end is told once; EOF comes behind all data, if the server says it; CLOSE is the last word. */
function expectEnd({ program, protocol, localId }: Session, received: Buffer[]): void {
  const told = received.map(text).filter(line => line.includes('"exit-'));
  expect(told).toEqual([expect.stringContaining(`CHANNEL_REQUEST ${localId} ${program.end}`)]);
  const ends = received.map(numberOf).filter(number => lasts.has(number));
  const eof = ends.indexOf(Message.CHANNEL_EOF);
  if (eof >= 0) expect(ends.slice(eof)).toEqual([Message.CHANNEL_EOF, Message.CHANNEL_CLOSE]);
  expect([ends.indexOf(Message.CHANNEL_CLOSE), protocol.reason?.kind]).toEqual([ends.length - 1, 'done']);
}

/** However it ended: what it does with its input and its outputs gone is not ours to know. */
function expectEndBehindClose({ localId }: Session, received: Buffer[]): void {
  const lines = received.map(text);
  const told = lines.filter(line => line.includes('"exit-'));
  expect([told.length, lines.at(-1)]).toEqual([1, `CHANNEL_CLOSE ${localId}`]);
}

/** Data and the ends of it. */
const lasts: ReadonlySet<number> = new Set([
  Message.CHANNEL_DATA,
  Message.CHANNEL_EXTENDED_DATA,
  Message.CHANNEL_EOF,
  Message.CHANNEL_CLOSE,
]);

/** The fact, for `runs` worlds; always the same ones. */
export async function sessionsHold(server: RunningServer, runs: number, facts: ServerFacts): Promise<void> {
  const property = fc.asyncProperty(worlds, world => play(server, world, facts));
  await fc.assert(property, { seed: 4254, numRuns: runs, endOnFailure: true });
}
