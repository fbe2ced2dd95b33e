/** Users of a configuration: keys, and a command or an account. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPublicKey } from '../../../keys/public-key.ts';
import { greeting } from '../../../server/accounts/greeting.ts';
import { systemAccounts } from '../../../server/accounts/system.ts';
import { virtualAccounts, type VirtualUser } from '../../../server/accounts/virtual.ts';
import { servingAccount, type Account } from '../../../server/account.ts';
import { runPrograms, type StartedSession } from '../../../server/run-programs.ts';
import { string } from '../../../ssh/wire.ts';
import type { Address } from '../../../transport/address.ts';
import { directPrograms } from '../../../transport/process/runner.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { holdDirectory, testWithHeldDirectory } from '../../support/held-directory.ts';
import { openLab, ptyFields } from '../../support/session-lab.ts';
import { makeTestKey } from '../../support/ssh-keys.ts';

const peer: Address = { kind: 'tcp', host: '192.0.2.7', port: 1 };

function publicKey() {
  const read = readPublicKey(makeTestKey().blob);
  if ('refused' in read) throw new Error(read.refused);
  return read.key;
}

const key = publicKey();
const command = ['/bin/echo', 'hello'] as const;
const me = servingAccount().name;

function directory(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'nacre-accounts-'));
  closeAfterTest(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

describe('users of a configuration', () => {
  test('get in with a key of theirs, and nobody else does', async () => {
    const { authorize } = virtualAccounts({ deploy: { keys: [key], command: [...command] } }, directPrograms);
    expect(await authorize('deploy', key, peer)).toBe(true);
    expect(await authorize('deploy', publicKey(), peer)).toBe(false);
    expect(await authorize('other', key, peer)).toBe(false);
    expect(await authorize('constructor', key, peer)).toBe(false);
  });

  testWithHeldDirectory('are not refused when nobody can say what keys they have', async () => {
    const held = await holdDirectory();
    const user: VirtualUser = { keys: [key], authorizedKeys: join(held.path, 'keys'), command };
    const { authorize } = virtualAccounts({ deploy: user }, directPrograms);
    closeAfterTest(() => void jest.useRealTimers());
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const answers = Promise.allSettled([
      authorize('deploy', publicKey(), peer),
      authorize('deploy', key, peer),
      authorize('other', publicKey(), peer),
    ]);
    await held.wanted();
    jest.advanceTimersByTime(30_000);
    expect(await answers).toMatchObject([{ reason: { name: 'NoAnswerError' } }, { value: true }, { value: false }]);
    held.letGo();
  });

  test('run their command, whatever the client asks for, which they find in a variable', async () => {
    const script = 'echo "$USER: $SSH_ORIGINAL_COMMAND"';
    const { accountOf } = virtualAccounts(
      { deploy: { keys: [key], command: ['/bin/sh', '-c', script] } },
      directPrograms,
    );
    const { channel } = await openLab(runPrograms(() => accountOf({ user: 'deploy', peer })));
    channel.sendRequest('exec', false, string('rm -rf "$HOME"; id'));
    await channel.until('close', 30_000);
    expect(channel.stdout.toString()).toBe('deploy: rm -rf "$HOME"; id\n');
  });

  // user, what is wrong
  const wrong: Array<[user: VirtualUser, complaint: RegExp]> = [
    [{ command: [...command] }, /users\.x: has no keys/],
    [{ keys: [key] }, /users\.x: needs a command or an account/],
    [{ keys: [key], command: ['echo'] }, /users\.x\.command: begins with the absolute path/],
  ];
  test.each(wrong)('%j is refused', (user, complaint) => {
    expect(() => virtualAccounts({ x: user }, directPrograms)).toThrow(complaint);
  });

  test('an empty list lets nobody in, and says so', () => {
    expect(() => virtualAccounts({}, directPrograms)).toThrow('nobody could log in');
  });

  test('the serving user’s account can be named by whoever runs the server', async () => {
    const { accountOf } = virtualAccounts({ x: { keys: [key], account: me } }, directPrograms);
    expect(await accountOf({ user: 'x', peer })).toEqual({ ...servingAccount(), name: 'x' });
  });

  describe('without root', () => {
    const spy = jest.spyOn(process, 'geteuid');
    afterEach(() => void spy.mockReset());

    test('nobody else’s account can be named', () => {
      spy.mockReturnValue(1000);
      expect(() => virtualAccounts({ x: { keys: [key], account: 'daemon' } }, directPrograms)).toThrow(
        'only root can run programs as daemon',
      );
    });

    test('the machine’s users cannot be served', () => {
      spy.mockReturnValue(1000);
      expect(() => systemAccounts({ programs: directPrograms })).toThrow(/'system' needs root/);
    });
  });
});

describe('what a machine says before a shell', () => {
  const account: Account = { ...servingAccount(), uid: 1000, home: '/nonexistent', shell: '/bin/sh' };
  const nologin = '/nonexistent';

  async function talk(files: Parameters<typeof greeting>[0], who = account, pty = true, request = 'shell') {
    const { channel } = await openLab(
      runPrograms(who, directPrograms, { greeting: greeting({ lastlog: null, ...files }) }),
    );
    if (pty) await channel.request('pty-req', ptyFields('dumb'));
    channel.sendRequest(request, false, ...(request === 'exec' ? [string('exit 3')] : []));
    if (request === 'shell') channel.data('exit 3\n');
    await channel.until('close', 30_000);
    const end = channel.milestones.find(event => event.startsWith('exit-'));
    return { out: channel.stdout.toString(), err: channel.stderr.toString(), end };
  }

  test('motd(5), before a shell on a terminal', async () => {
    const motd = join(directory({ motd: 'Welcome\nto it\n' }), 'motd');
    expect((await talk({ motd, nologin })).out).toMatch(/^Welcome\r\nto it\r\n/);
  });

  test('nothing without a terminal, before a command, or with ~/.hushlogin', async () => {
    const home = directory({ motd: 'Welcome\n', '.hushlogin': '' });
    const motd = join(home, 'motd');
    for (const { out } of [
      await talk({ motd, nologin }, account, false),
      await talk({ motd, nologin }, account, true, 'exec'),
      await talk({ motd, nologin }, { ...account, home }),
    ]) {
      expect(out).not.toContain('Welcome');
    }
  });

  test('while nologin(5) exists, what it says and status 254, except to root', async () => {
    const file = join(directory({ nologin: 'Maintenance.\n' }), 'nologin');
    const files = { nologin: file, motd: null };
    expect(await talk(files)).toEqual({ out: '', err: 'Maintenance.\r\n', end: 'exit-status 254' });
    expect((await talk(files, { ...account, uid: 0 })).end).toBe('exit-status 3');
  });
});

test('whoever keeps records hears when a session’s program starts, where, and when it has ended', async () => {
  const heard: Array<StartedSession | 'ended'> = [];
  const onSession = (started: StartedSession) => {
    heard.push(started);
    return () => void heard.push('ended');
  };
  const { channel } = await openLab(runPrograms(servingAccount(), directPrograms, { onSession }));
  await channel.request('pty-req', ptyFields('dumb'));
  channel.sendRequest('exec', false, string('echo $$ $(tty)'));
  await channel.until('close', 30_000);
  const [pid, tty] = channel.stdout.toString().trim().split(' ');
  expect(heard).toEqual([expect.objectContaining({ pid: Number(pid), tty }), 'ended']);
});
