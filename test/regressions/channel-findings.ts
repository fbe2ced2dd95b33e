/** Channels: data, windows, EOF, exit status, the end. */
import { Message } from '../../ssh/codes.ts';
import { byte, string, uint32 } from '../../ssh/wire.ts';
import { turns } from '../support/turns.ts';
import { endingOrAnswer, exactly, isAlive, logIn, openSession } from './outcomes.ts';
import type { Behaviour, Finding, Subject } from './subject.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** The client's window in tests of more than one window. */
const WINDOW = 64 * KIB;
const LENGTH = 4 * WINDOW;
const letters = (letter: string): Buffer => Buffer.alloc(LENGTH, letter);

/** Run the program in a session with a small window, and say what arrived. */
async function streams(subject: Subject): Promise<string> {
  const { channel } = await openSession(subject, { window: WINDOW });
  channel.sendRequest('shell', false);
  const closed = await channel.events.comes(() => channel.has('close'), subject.patience);
  const out = exactly(channel.stdout, LENGTH, 'a');
  const err = exactly(channel.stderr, LENGTH, 'b');
  const status = channel.has('exit-status 3');
  return out && err && status && closed
    ? 'both streams exact, status 3'
    : `damaged${closed ? '' : ', and never closed'}`;
}

/** A door that a scenario opens when it likes: `later` is a promise for the behaviour. */
function door(): { readonly later: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const later = new Promise<void>(resolve => (open = resolve));
  return { later, open };
}

let gate = door();
const startsLater = (): Behaviour => {
  gate = door();
  return {
    startAfter: gate.later,
    program: async io => {
      const input = await io.input();
      await io.write(input);
      return 0;
    },
  };
};

/** Start a session that the application will look at only later, send input meanwhile, and say what came back. */
async function earlyInput(
  subject: Subject,
  beforeGate: readonly string[],
  afterGate: readonly string[],
): Promise<string> {
  const { peer, channel } = await openSession(subject);
  channel.sendRequest('shell', false);
  const send = (pieces: readonly string[]): void => {
    for (const piece of pieces)
      if (piece === 'EOF') channel.eof();
      else channel.data(piece);
  };
  send(beforeGate);
  await peer.barrier();
  gate.open();
  await turns(3);
  send(afterGate);
  const closed = await channel.events.comes(() => channel.has('close'), subject.patience);
  return closed ? `input was ${JSON.stringify(channel.stdout.toString())}` : 'hangs';
}

let taken = 0;
const writesForEver = (): Behaviour => {
  taken = 0;
  const chunk = Buffer.alloc(64 * KIB, 'x');
  return {
    program: async io => {
      for (; taken < 48 * MIB; taken += chunk.length) {
        await io.write(chunk);
        await new Promise(setImmediate);
      }
      return 0;
    },
  };
};

const writesTooMuch = (facts: string[]): Behaviour => ({
  program: async io => {
    await io.write(Buffer.alloc(MIB, 'x'));
    facts.push('write returned');
    return 0;
  },
});
let writes: string[] = [];

export const channelFindings: readonly Finding[] = [
  {
    section: '§0.1',
    when: 'a program writes more than a window of stdout and then of stderr',
    behaviour: () => ({
      program: async io => {
        await io.write(letters('a'));
        await io.writeError(letters('b'));
        return 3;
      },
    }),
    scenario: streams,
    onStock: 'damaged',
    onOurs: 'both streams exact, status 3',
    where: 'ssh/channel-medium.ts',
  },
  {
    section: '§0.1',
    when: 'a program writes more than a window of both at the same time',
    behaviour: () => ({
      program: async io => {
        await Promise.all([io.write(letters('a')), io.writeError(letters('b'))]);
        return 3;
      },
    }),
    silent: true,
    scenario: streams,
    onStock: 'damaged, and never closed',
    onOurs: 'both streams exact, status 3',
    where: 'ssh/channel-medium.ts',
  },
  {
    section: '§2 end()',
    when: 'a session ends with more than a window of stderr still to send',
    behaviour: () => ({
      program: async io => {
        await io.write(letters('a'));
        void io.writeError(letters('b'));
        return 3;
      },
    }),
    scenario: streams,
    onStock: 'damaged',
    onOurs: 'both streams exact, status 3',
    where: 'transport/endpoint.ts',
  },
  {
    section: '§0.2',
    when: 'a session is accepted late and input comes before that',
    behaviour: startsLater,
    scenario: subject => earlyInput(subject, ['early '], ['late', 'EOF']),
    onStock: 'input was "late"',
    onOurs: 'input was "early late"',
    where: 'ssh/channel.ts',
  },
  {
    section: '§0.2',
    when: 'a session is accepted late and the input has ended before that',
    behaviour: startsLater,
    silent: true,
    scenario: subject => earlyInput(subject, ['early', 'EOF'], []),
    onStock: 'hangs',
    onOurs: 'input was "early"',
    where: 'ssh/channel.ts',
  },
  {
    section: '§0.3',
    when: 'a program ends its output and goes on reading',
    behaviour: () => ({
      program: async io => {
        io.endOutput();
        return (await io.input()).length;
      },
    }),
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      await channel.until('eof');
      await peer.barrier();
      if (channel.has('close')) return 'CLOSE comes with EOF';
      channel.data(Buffer.alloc(100));
      channel.eof();
      await channel.until('close');
      return channel.milestones.slice(1).join(', ');
    },
    onStock: 'CLOSE comes with EOF',
    onOurs: 'eof, exit-status 100, close',
    where: 'ssh/channel-ends.ts',
  },
  {
    section: '§2 exit()',
    when: 'a program ends its output before it says its status',
    behaviour: () => ({
      program: async io => {
        io.endOutput();
        return 5;
      },
    }),
    scenario: async subject => {
      const { channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      await channel.until('close');
      return channel.has('exit-status 5') ? 'status 5' : 'no status';
    },
    onStock: 'no status',
    onOurs: 'status 5',
    where: 'ssh/channel-ends.ts',
  },
  {
    section: '§1.2 exit-signal',
    when: 'a program ends by SIGBUS',
    behaviour: () => ({ program: async () => 'SIGBUS' }),
    scenario: async subject => {
      const { channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      await channel.until('close');
      return subject.facts.entries.find(fact => fact.startsWith('exit() threw')) ?? channel.milestones[1]!;
    },
    onStock: 'exit() threw: Invalid signal: SIGBUS',
    onOurs: 'exit-signal BUS@openssh.com',
    where: 'ssh/exit-status.ts',
  },
  {
    section: '§0.4',
    when: 'a client with a window of 4 GiB stops reading while a program writes 48 MiB',
    behaviour: writesForEver,
    scenario: async subject => {
      const { peer, channel } = await openSession(subject, { window: 0xffff_ffff, manual: true });
      channel.sendRequest('shell', false);
      await channel.events.until(() => channel.stdout.length > 0, 'the first bytes');
      peer.socket.pause();
      const before = process.memoryUsage().arrayBuffers;
      let [last, same] = [-1, 0];
      while (taken < 48 * MIB && same < 200) {
        await turns(1);
        [last, same] = [taken, taken === last ? same + 1 : 0];
      }
      const grown = process.memoryUsage().arrayBuffers - before;
      return taken < 16 * MIB && grown < 16 * MIB
        ? 'the program waits; memory grew by less than 16 MiB'
        : 'everything is taken';
    },
    onStock: 'everything is taken',
    onOurs: 'the program waits; memory grew by less than 16 MiB',
    where: 'ssh/channel-medium.ts',
  },
  {
    section: '§0.6',
    when: 'a client opens a session with a maximum packet of 0 and starts a shell',
    dangerous: true,
    silent: true,
    behaviour: () => ({
      program: async io => {
        await io.write(Buffer.from('x'));
        return 0;
      },
    }),
    scenario: async subject => {
      const peer = await logIn(subject);
      const opened = await peer.openSession({ maxPacket: 0 }).then(
        channel => channel,
        (error: Error) => error.message,
      );
      if (typeof opened !== 'string') opened.sendRequest('shell', false);
      const how = typeof opened === 'string' ? opened.split(':')[0]! : 'opened';
      return `${how}; the server ${(await isAlive(subject)) ? 'lives' : 'is frozen'}`;
    },
    onStock: 'opened; the server is frozen',
    onOurs: 'refused 4; the server lives',
    where: 'ssh/channel-openings.ts',
  },
  {
    section: '§1.3 window',
    when: 'a client sends more than the window that it was given',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      const size = 32 * KIB;
      for (let sent = 0; sent <= channel.remoteWindow; sent += size) channel.data(Buffer.alloc(size));
      return endingOrAnswer(peer);
    },
    behaviour: () => ({ startAfter: new Promise(() => undefined) }),
    onStock: 'goes on',
    onOurs: 'RFC 4254 §5.2',
    where: 'ssh/receive-window.ts',
  },
  {
    section: '§1.3 window',
    when: 'a client grants more than a window can hold',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      channel.grant(0xffff_ffff);
      return endingOrAnswer(peer);
    },
    onStock: 'goes on',
    onOurs: 'RFC 4254 §5.2',
    where: 'ssh/send-window.ts',
  },
  {
    section: '§1.3 EOF',
    when: 'a client sends data behind its EOF',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      channel.sendRequest('shell', false);
      channel.eof();
      channel.data('behind');
      return endingOrAnswer(peer);
    },
    onStock: 'goes on',
    onOurs: 'RFC 4254 §5.3',
    where: 'ssh/channel-ends.ts',
  },
  {
    section: '§1.3 unknown channel',
    when: 'a client sends data on a channel that does not exist',
    scenario: async subject => {
      const peer = await logIn(subject);
      peer.send(byte(Message.CHANNEL_DATA), uint32(77), string('x'));
      return endingOrAnswer(peer);
    },
    onStock: 'goes on',
    onOurs: 'RFC 4254 §5',
    where: 'ssh/connection.ts',
  },
  {
    section: '§1.3 channels',
    when: 'a client opens 200 sessions on one connection',
    scenario: async subject => {
      const peer = await logIn(subject);
      const opens = Array.from({ length: 200 }, () =>
        peer.openSession().then(
          () => true,
          () => false,
        ),
      );
      return `${(await Promise.all(opens)).filter(Boolean).length} are open`;
    },
    onStock: '200 are open',
    onOurs: '10 are open',
    where: 'server/incoming.ts',
  },
  {
    section: '§1.3 dead socket',
    when: 'the connection dies under a session on which nothing happens',
    scenario: async subject => {
      const { peer, channel } = await openSession(subject);
      await channel.request('shell');
      peer.socket.destroy();
      await subject.facts.until(() => subject.facts.entries.includes('connection closed'), 'the closing');
      await turns(20);
      return subject.facts.entries.some(fact => fact.startsWith('told of the end')) ? 'it is told' : 'it is not told';
    },
    onStock: 'it is not told',
    onOurs: 'it is told',
    where: 'ssh/connection.ts',
  },
  {
    section: '§2 write',
    when: 'a client closes the channel while a write waits for its window',
    behaviour: () => writesTooMuch((writes = [])),
    scenario: async subject => {
      const { peer, channel } = await openSession(subject, { window: WINDOW, manual: true });
      channel.sendRequest('shell', false);
      await channel.events.until(() => channel.stdout.length === WINDOW, 'a window of output');
      channel.close();
      await channel.until('close');
      await peer.barrier();
      await turns(20);
      return (
        [...writes, ...subject.facts.entries].filter(fact => /write|unsent/.test(fact)).join('; ') || 'nobody is told'
      );
    },
    onStock: 'nobody is told',
    onOurs: `write returned; told of the end: lost: peer closed the channel with ${MIB - WINDOW} bytes unsent`,
    where: 'ssh/channel.ts',
  },
];
