/** What a handler can do with a session, and how each way to end it looks to the client. */
import { describe, expect, test } from '@jest/globals';
import type { Handler } from '../../server/session.ts';
import { string } from '../../ssh/wire.ts';
import { userKey } from '../support/nacre-server.ts';
import { Recorder } from '../support/recorder.ts';
import { openLab, ptyFields, stay } from '../support/session-lab.ts';
import { SshPeer } from '../support/ssh-peer.ts';

const status = (code: number | null, signal: string | null = null) => ({ code, signal, coreDumped: false });
const orderly = (end: string): string[] => [end, 'eof', 'close'];

describe('the ways to end', () => {
  // handler, with a terminal, stdout, stderr, what follows
  const ends: Array<[what: string, handler: Handler, pty: boolean, out: string, err: string, end: string[]]> = [
    ['returning is status 0', () => undefined, false, '', '', orderly('exit-status 0')],
    ['a promise that resolves is status 0', async () => undefined, false, '', '', orderly('exit-status 0')],
    ['end says a last word', s => s.end('bye\n', 7), false, 'bye\n', '', orderly('exit-status 7')],
    ['end on a terminal ends lines in CR LF', s => s.end('a\nb\n'), true, 'a\r\nb\r\n', '', orderly('exit-status 0')],
    ['fail says why on stderr', s => s.fail('no\n'), false, '', 'no\n', orderly('exit-status 1')],
    ['fail on a terminal ends lines in CR LF', s => s.fail('no\n', 3), true, '', 'no\r\n', orderly('exit-status 3')],
    [
      'the first exit counts',
      s => {
        s.exit(status(2));
        s.exit(status(3));
        s.end('', 4);
      },
      false,
      '',
      '',
      orderly('exit-status 2'),
    ],
    [
      'a signal of RFC 4254 by its name',
      s => s.exit(status(null, 'SIGTERM')),
      false,
      '',
      '',
      orderly('exit-signal TERM'),
    ],
    [
      'another signal with a domain',
      s => s.exit(status(null, 'SIGBUS')),
      false,
      '',
      '',
      orderly('exit-signal BUS@openssh.com'),
    ],
    [
      'status is behind all data',
      s => {
        s.channel.write(Buffer.alloc(100_000, 'x'));
        s.exit(status(0));
      },
      false,
      'x'.repeat(100_000),
      '',
      orderly('exit-status 0'),
    ],
  ];
  for (const [what, handler, pty, out, err, end] of ends) {
    test(what, async () => {
      const { channel, peer } = await openLab(handler);
      if (pty) channel.sendRequest('pty-req', false, ...ptyFields());
      channel.sendRequest('shell', false);
      await channel.until('close');
      expect([channel.stdout.toString(), channel.stderr.toString()]).toEqual([out, err]);
      expect(channel.milestones.slice(1)).toEqual(end);
      await peer.barrier();
    });
  }

  const failures: Array<[how: string, handler: Handler]> = [
    [
      'throws',
      () => {
        throw new Error('secret /etc/path');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret /etc/path'))],
    [
      'throws what is no error',
      () => {
        throw 'secret /etc/path' as unknown as Error;
      },
    ],
  ];
  for (const [how, handler] of failures) {
    test(`a handler that ${how} is status 1 and an event; the client is not told the reason; other sessions go on`, async () => {
      const { channel, peer, report } = await openLab(session =>
        session.request?.kind === 'exec' ? stay(session) : handler(session),
      );
      const other = await peer.openSession();
      await other.request('exec', [string('stay')]);
      channel.sendRequest('shell', false);
      await channel.until('close');
      expect(channel.milestones.slice(1)).toEqual(orderly('exit-status 1'));
      expect(channel.stderr.toString()).not.toContain('secret');
      expect(channel.stderr.toString()).toMatch(/the session has failed/);
      expect(await report('session-error')).toMatchObject({ level: 'error', error: 'secret /etc/path', session: 1 });
      expect(await other.request('nonsense')).toBe('failure');
    });
  }

  test('a client that closes first is told CLOSE, once, and the session is over', async () => {
    const { channel, session, report } = await openLab();
    await channel.request('shell');
    const protocol = new Recorder();
    (await session()).channel.start(protocol);
    channel.close();
    expect(await protocol.ended()).toEqual({ kind: 'done' });
    expect(await report('session-ended')).not.toHaveProperty('status');
    await channel.until('close');
    expect(channel.milestones).toEqual(['opened', 'success', 'close']);
  });

  test('a session whose client vanishes is told so', async () => {
    const { channel, session, peer, report, server } = await openLab();
    await channel.request('shell');
    const protocol = new Recorder();
    (await session()).channel.start(protocol);
    peer.socket.destroy();
    await protocol.ended();
    await report('session-ended');
    expect(server.sessions).toBe(0);
  });

  test('what is written after the end is ignored', async () => {
    const { channel, session } = await openLab(s => s.end('a'));
    await channel.request('shell');
    const { channel: ours } = await session();
    await channel.until('close');
    ours.write(Buffer.from('late'));
    ours.writeExtended(Buffer.from('late'));
    ours.loseConnection();
    expect(channel.stdout.toString()).toBe('a');
  });

  test('controls are not called once the session is over', async () => {
    const seen: string[] = [];
    const { channel, session, peer } = await openLab(async s =>
      s.attach({ signal: name => seen.push(name) > 0, resize: () => void seen.push('size') }),
    );
    await channel.request('shell');
    await channel.until('close');
    const over = await session();
    await peer.barrier();
    expect([over.signal('TERM'), seen]).toEqual([false, []]);
  });
});

describe('who and where', () => {
  test('user, addresses and request are there when the handler runs', async () => {
    const { channel, session, peer, port } = await openLab();
    await channel.request('exec', [string('x')]);
    const { user, peer: from, host, request, pty } = await session();
    expect({ user, from, host, request, pty }).toEqual({
      user: 'user',
      from: { kind: 'tcp', host: '127.0.0.1', port: peer.socket.localPort },
      host: { kind: 'tcp', host: '127.0.0.1', port },
      request: { kind: 'exec', command: 'x' },
      pty: undefined,
    });
  });

  test('what a client sends before the handler reads waits for it, and so does its EOF', async () => {
    const heard = new Recorder();
    const { channel, session, peer } = await openLab();
    channel.data('early ');
    channel.sendRequest('shell', false);
    channel.data('bird');
    channel.eof();
    await peer.barrier();
    (await session()).channel.start(heard);
    await heard.until(() => heard.text === 'early bird');
    await heard.ended();
  });

  test('two sessions of one connection do not hear each other', async () => {
    const { channel, started, peer } = await openLab();
    const other = await peer.openSession();
    for (const one of [channel, other]) await one.request('shell');
    const [first, second] = [new Recorder(), new Recorder()];
    started.entries[0]!.channel.start(first);
    started.entries[1]!.channel.start(second);
    other.data('two');
    channel.data('one');
    await first.until(() => first.text === 'one');
    await second.until(() => second.text === 'two');
    started.entries[0]!.end('to one');
    await channel.until('close');
    expect([channel.stdout.toString(), other.stdout.toString()]).toEqual(['to one', '']);
  });
});

describe('how many', () => {
  test('maxSessions at one time; one that ends makes room', async () => {
    const { channel, peer, session } = await openLab(undefined, { server: { maxSessions: 2 } });
    await channel.request('shell');
    await peer.openSession();
    await expect(peer.openSession()).rejects.toThrow('refused 2: no more than 2 sessions per connection');
    (await session()).end();
    await channel.until('close');
    await peer.barrier();
    await peer.openSession();
  });

  test('maxSessions counts per connection', async () => {
    const { port } = await openLab(undefined, { server: { maxSessions: 1 } });
    const other = await SshPeer.login(port, userKey);
    await other.openSession();
  });
});

test('a handler whose controls throw loses its own session, with a word to the client and in the log; others go on', async () => {
  const lab = await openLab(session => {
    session.attach({
      signal: () => {
        throw new Error('secret /proc/7');
      },
    });
    return new Promise(() => undefined);
  });
  const other = await lab.peer.openSession();
  for (const channel of [lab.channel, other]) await channel.request('shell');
  expect(await lab.channel.request('signal', [string('TERM')])).toBe('failure');
  await lab.channel.until('close');
  expect(lab.channel.milestones.slice(-4)).toEqual(['failure', ...orderly('exit-status 1')]);
  expect(lab.channel.stderr.toString()).toMatch(/^nacre: .* log\n$/);
  expect(lab.reported('session-error')).toEqual([expect.objectContaining({ session: 1, error: 'secret /proc/7' })]);
  expect([other.has('close'), lab.server.sessions]).toEqual([false, 1]);
});
