/** The limits of an admitted connection on a real server: what the client sees, and the code in the log. */
import { createConnection } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { boolean, byte, string } from '../../../ssh/wire.ts';
import { Message } from '../../../ssh/codes.ts';
import type { Session } from '../../../server/session.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { holdTime } from '../../support/held-time.ts';
import type { Journal } from '../../support/journal.ts';
import { startServer, userKey } from '../../support/nacre-server.ts';
import { openLab, stay } from '../../support/session-lab.ts';
import { SshPeer } from '../../support/ssh-peer.ts';

/** A connection without SSH, that says `text` and then nothing. */
function dial(port: number, text = ''): { gone: Promise<unknown>; write: (text: string) => void } {
  const socket = createConnection({ port, host: '127.0.0.1' }).resume();
  socket.on('error', () => undefined);
  closeAfterTest(() => void socket.destroy());
  socket.write(text);
  return { gone: new Promise(resolve => socket.once('close', resolve)), write: more => void socket.write(more) };
}

/** The session that was started as number `index`, from 0. */
async function nth(started: Journal<Session>, index: number): Promise<Session> {
  await started.until(() => started.entries.length > index, 'a session to start');
  return started.entries[index]!;
}

/** A program that never ends by itself. */
const program = {
  pauseProducing: () => undefined,
  resumeProducing: () => undefined,
  stopProducing: () => undefined,
};

describe('before login', () => {
  test('a client that does not say who it is is dropped', async () => {
    const { port, report } = await startServer({ limits: { beforeLogin: { ident: 5 } } });
    await dial(port).gone;
    expect(await report('limit-reached')).toMatchObject({ level: 'warn', connection: 1, limit: 'ident-time' });
    expect(await report('connection-closed')).toMatchObject({ reason: 'aborted' });
  });

  test('so is one that says it letter by letter: the deadline is for the line', async () => {
    const { port, report } = await startServer({ limits: { beforeLogin: { ident: 30 } } });
    const loris = dial(port);
    const timer = setInterval(() => loris.write('S'), 5);
    await loris.gone;
    clearInterval(timer);
    expect(await report('limit-reached')).toMatchObject({ limit: 'ident-time' });
  });

  test('one that does not exchange keys', async () => {
    const { port, report } = await startServer({ limits: { beforeLogin: { ident: 60_000, keyExchange: 5 } } });
    await dial(port, 'SSH-2.0-x\r\n').gone;
    expect(await report('limit-reached')).toMatchObject({ limit: 'key-exchange-time' });
  });

  test('one whose login stops', async () => {
    const { port, report } = await startServer({ limits: { beforeLogin: { ident: 0, keyExchange: 0, message: 20 } } });
    const peer = await SshPeer.connect(port).catch(() => undefined);
    expect((await peer?.gone()) ?? {}).toEqual({});
    expect(await report('limit-reached')).toMatchObject({ limit: 'message-time' });
  });

  test('one that has not logged in within the grace time, whatever it says', async () => {
    const { port, report } = await startServer({ loginGraceTime: 20 });
    await dial(port, 'SSH-2.0-x\r\n').gone;
    expect(await report('limit-reached')).toMatchObject({ limit: 'login-grace' });
  });

  test('none of these follows a client that has logged in', async () => {
    expect(await timersOfLogin(30_000)).toBe(await timersOfLogin(0));
  });
});

/** How many clocks run for a client that has logged in, where each limit before login is of `milliseconds`; 0 is none. */
async function timersOfLogin(milliseconds: number): Promise<number> {
  const time = holdTime();
  const { port } = await startServer({
    loginGraceTime: milliseconds,
    limits: { beforeLogin: { ident: milliseconds, keyExchange: milliseconds, message: milliseconds } },
  });
  const before = time.waiting();
  const peer = await SshPeer.login(port, userKey);
  await peer.barrier();
  return time.waiting() - before;
}

/** In milliseconds. */
const LIMIT = 60_000;

describe('the time of a connection', () => {
  test('without a session is limited, and the client is told', async () => {
    const { port, report } = await startServer({ limits: { time: { unused: 20 } } });
    const peer = await SshPeer.login(port, userKey);
    expect(await peer.gone()).toEqual({ reason: 11, text: 'no session was open for too long' });
    expect(await report('limit-reached')).toMatchObject({ limit: 'unused' });
  });

  test('with a session is not unused; it is when the session has ended', async () => {
    const time = holdTime();
    const { peer, channel, session } = await openLab(stay, { server: { limits: { time: { unused: LIMIT } } } });
    await channel.request('shell');
    time.pass(2 * LIMIT);
    await peer.barrier();
    (await session()).end();
    await channel.until('close');
    await peer.barrier(); // the server has the client's CLOSE, too
    time.pass(LIMIT);
    expect(await peer.gone()).toMatchObject({ text: 'no session was open for too long' });
  });

  test('without data is limited, also with a session', async () => {
    const time = holdTime();
    const { peer, channel, report } = await openLab(stay, { server: { limits: { time: { connectionIdle: LIMIT } } } });
    await channel.request('shell');
    time.pass(LIMIT);
    expect(await peer.gone()).toMatchObject({ text: 'the connection was idle for too long' });
    expect(await report('limit-reached')).toMatchObject({ limit: 'connection-idle' });
  });

  test('from accept to end is limited', async () => {
    const time = holdTime();
    const { port, report } = await startServer({ limits: { time: { connection: LIMIT } } });
    const peer = await SshPeer.login(port, userKey);
    time.pass(LIMIT);
    expect(await peer.gone()).toMatchObject({ text: 'the connection has lasted as long as it may' });
    expect(await report('limit-reached')).toMatchObject({ limit: 'connection-time' });
  });
});

describe('the time of a session', () => {
  const facts = [
    ['sessionIdle', 'session-idle', 'nacre: the session was idle for too long\n'],
    ['session', 'session-time', 'nacre: the session has lasted as long as it may\n'],
  ] as const;
  test.each(facts)('%s ends it with a word and a failure, and leaves the connection', async (option, limit, says) => {
    const time = holdTime();
    const { peer, channel, session, report, reported } = await openLab(stay, {
      server: { limits: { time: { [option]: LIMIT } } },
    });
    await channel.request('shell');
    (await session()).channel.registerProducer(program, true);
    time.pass(LIMIT);
    await channel.until('close');
    expect([channel.stderr.toString(), channel.milestones]).toEqual([
      says,
      ['opened', 'success', 'exit-status 1', 'eof', 'close'],
    ]);
    await peer.barrier();
    expect(await report('limit-reached')).toMatchObject({ limit, session: 1 });
    expect(reported('session-ended')).toHaveLength(1);
  });

  test('ends one whose client reads nothing and whose program waits for it', async () => {
    const time = holdTime();
    const { channel, session } = await openLab(stay, {
      server: { limits: { time: { session: LIMIT } } },
      channel: { window: 0 },
    });
    await channel.request('shell');
    const running = await session();
    running.channel.registerProducer(program, true);
    running.channel.write(Buffer.from('unread'));
    time.pass(LIMIT + 2_000); // what a client has that is told why, server/session.ts
    await channel.until('close');
    expect(channel.stdout.toString()).toBe('');
  });
});

describe('how many', () => {
  test('sessions there may be in all, whoever has them; an end makes room', async () => {
    const { port, peer, channel, session, server, report } = await openLab(stay, {
      server: { limits: { maxTotalSessions: 1 } },
    });
    await channel.request('shell');
    const other = await SshPeer.login(port, userKey);
    await expect(other.openSession()).rejects.toThrow(/refused 4: .*as many sessions as the server takes/);
    expect(await report('limit-reached')).toMatchObject({ connection: 2, limit: 'total-sessions' });
    (await session()).end();
    await channel.until('close');
    await peer.barrier();
    await (await other.openSession()).request('shell');
    expect(server.sessions).toBe(1);
  });

  test('sessions on one connection; the log has it once', async () => {
    const { peer, reported } = await openLab(stay, { server: { maxSessions: 1 } });
    for (let n = 0; n < 5; n++) await expect(peer.openSession()).rejects.toThrow(/no more than 1 sessions/);
    expect(reported('limit-reached')).toMatchObject([{ limit: 'sessions' }]);
  });

  test('channels on one connection', async () => {
    const { peer, report } = await openLab(stay, { server: { limits: { maxChannels: 1 } } });
    await expect(peer.openSession()).rejects.toThrow(/refused 4: no more than 1 channels/);
    expect(await report('limit-reached')).toMatchObject({ limit: 'channels' });
  });

  test('requests in a second: global, of channels, and opens together', async () => {
    const { peer, channel, report, reported } = await openLab(stay, {
      server: { limits: { requests: { perSecond: 1, burst: 4 } } },
    });
    await channel.request('shell');
    peer.send(byte(Message.GLOBAL_REQUEST), string('x@test'), boolean(false));
    for (let n = 0; n < 9; n++) channel.sendRequest('y@test', false);
    expect(await peer.gone()).toEqual({ reason: 11, text: 'too many requests' });
    expect(await report('limit-reached')).toMatchObject({ limit: 'requests' });
    expect(reported('limit-reached')).toHaveLength(1);
  });
});

describe('bytes that wait', () => {
  const budgets = { channel: 65_536, connection: 100_000, total: 150_000 };
  const block = Buffer.alloc(60_000);

  test('of one channel: more than its bound is its end', async () => {
    const { channel, session } = await openLab(stay, {
      server: { limits: { queuedBytes: budgets } },
      channel: { window: 0 },
    });
    await channel.request('shell');
    const { channel: ours } = await session();
    ours.write(block);
    ours.write(block);
    await channel.until('close');
  });

  test('of one connection: it is disconnected, and told', async () => {
    const { peer, started, channel, report } = await openLab(stay, {
      server: { limits: { queuedBytes: budgets } },
      channel: { window: 0 },
    });
    await channel.request('shell');
    const second = await peer.openSession({ window: 0 });
    await second.request('shell');
    (await nth(started, 0)).channel.write(block);
    (await nth(started, 1)).channel.write(block);
    expect(await peer.gone()).toEqual({ reason: 11, text: 'too much is waiting to be sent on this connection' });
    expect(await report('limit-reached')).toMatchObject({ limit: 'queued-bytes' });
  });

  test('of all: the one with most goes, the others stay', async () => {
    const lab = await openLab(stay, {
      server: { limits: { queuedBytes: { ...budgets, total: 100_000 } } },
      channel: { window: 0 },
    });
    await lab.channel.request('shell');
    const other = await SshPeer.login(lab.port, userKey);
    await (await other.openSession({ window: 0 })).request('shell');
    (await nth(lab.started, 0)).channel.write(block);
    (await nth(lab.started, 1)).channel.write(Buffer.alloc(50_000));
    expect(await lab.peer.gone()).toMatchObject({ text: 'the server is short of memory' });
    expect(await lab.report('limit-reached')).toMatchObject({ limit: 'total-queued-bytes', connection: 1 });
    await other.barrier();
  });

  test('received and not read count as well', async () => {
    const { peer, channel, session } = await openLab(stay, { server: { limits: { queuedBytes: budgets } } });
    await channel.request('shell');
    await session();
    for (let n = 0; n < 4; n++) channel.data(Buffer.alloc(30_000));
    expect(await peer.gone()).toMatchObject({ text: 'too much is waiting to be sent on this connection' });
  });
});
