/** The handler of an SSH host: what it starts, where, with what, and how its end reaches the client. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servingAccount, type Account } from '../../server/account.ts';
import { runPrograms } from '../../server/run-programs.ts';
import { string, uint32 } from '../../ssh/wire.ts';
import type { IProcessTransport } from '../../transport/contracts.ts';
import { directPrograms, type ProgramRunner } from '../../transport/process/runner.ts';
import { has } from '../interop/missing.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { holdDirectory, testWithHeldDirectory } from '../support/held-directory.ts';
import { holdFile, perl, type HeldFile } from '../support/held-file.ts';
import { buildNativePrograms, compiler, nativeRunner } from '../support/native-programs.ts';

import { openHost } from '../support/process-hosts.ts';
import { openLab, ptyFields, type SessionLab } from '../support/session-lab.ts';
import { turns } from '../support/turns.ts';

/** This process's account, with /bin/sh and a home directory of its own. */
function testAccount(change: Partial<Account> = {}): Account {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'nacre-home-')));
  closeAfterTest(() => rmSync(home, { recursive: true, force: true }));
  return { ...servingAccount(), shell: '/bin/sh', home, ...change };
}

interface Run {
  readonly input?: string;
  readonly pty?: boolean;
  readonly account?: Account;
}

/** Run `command`, or the shell, to its end. */
async function run(command: string | undefined, { input = '', pty = false, account = testAccount() }: Run = {}) {
  const lab = await openLab(runPrograms(account));
  const { channel } = lab;
  if (pty) await channel.request('pty-req', ptyFields('xterm', [91, 37, 0, 0]));
  channel.sendRequest(
    command === undefined ? 'shell' : 'exec',
    false,
    ...(command === undefined ? [] : [string(command)]),
  );
  if (input !== '') channel.data(input);
  if (!pty) channel.eof();
  await channel.until('close', 30_000);
  const [end] = channel.milestones.filter(event => event.startsWith('exit-'));
  return { ...lab, account, out: channel.stdout.toString(), err: channel.stderr.toString(), end };
}

describe('what is started', () => {
  test('a command through `shell -c`, which parses it', async () => {
    const { out, err, end } = await run('echo "$0" "a  b"; echo oops >&2; exit 7');
    expect([out, err, end]).toEqual(['sh a  b\n', 'oops\n', 'exit-status 7']);
  });

  test('a shell with a dash before its name: a login shell', async () => {
    const { out, end } = await run(undefined, { input: 'echo "$0"\nexit 3\n' });
    expect([out, end]).toEqual(['-sh\n', 'exit-status 3']);
  });

  test('in the home directory', async () => {
    const { out, account } = await run('pwd');
    expect(out).toBe(`${account.home}\n`);
  });

  test('in / where there is no home directory, also behind a prefix, and the client hears so', async () => {
    const home = '/nowhere/to/be/found';
    for (const prefix of [undefined, { afterSwitch: ['/usr/bin/env'] }]) {
      const { out, err } = await run('pwd', { account: testAccount({ home, ...(prefix ? { prefix } : {}) }) });
      expect([out, err]).toEqual(['/\n', `Could not change to directory ${home}: starting in /\n`]);
    }
  });

  test.each(['', 'relative'])('in / where the home directory is "%s"', async home => {
    const { out, err } = await run('pwd', { account: testAccount({ home }) });
    expect([out, err]).toEqual(['/\n', '']);
  });

  test('with exactly the documented variables', async () => {
    const { out, account, peer, port } = await run('/usr/bin/env');
    const shellsOwn = /^(PWD|OLDPWD|SHLVL|_)=/;
    const client = peer.socket.localPort ?? 0;
    expect(
      out
        .trim()
        .split('\n')
        .filter(line => !shellsOwn.test(line))
        .sort(),
    ).toEqual([
      `HOME=${account.home}`,
      `LOGNAME=${account.name}`,
      `PATH=${account.uid === 0 ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games'}`,
      'SHELL=/bin/sh',
      `SSH_CLIENT=127.0.0.1 ${client} ${port}`,
      `SSH_CONNECTION=127.0.0.1 ${client} 127.0.0.1 ${port}`,
      `USER=${account.name}`,
    ]);
  });

  test('with its terminal: TERM, SSH_TTY, size; stdout and stderr are one', async () => {
    const { out, end } = await run('echo $TERM; [ "$SSH_TTY" = "$(tty)" ] && echo same; stty size; echo err >&2', {
      pty: true,
    });
    expect([out, end]).toEqual(['xterm\r\nsame\r\n37 91\r\nerr\r\n', 'exit-status 0']);
  });

  test('without a terminal: neither TERM nor SSH_TTY', async () => {
    expect((await run('echo "[$TERM$SSH_TTY]"; tty')).out).toBe('[]\nnot a tty\n');
  });

  test('with the client’s variables', async () => {
    const { channel } = await openLab(runPrograms(testAccount()));
    await channel.request('env', [string('LC_TIME'), string('it_IT')]);
    channel.sendRequest('exec', false, string('echo $LC_TIME'));
    await channel.until('close');
    expect(channel.stdout.toString()).toBe('it_IT\n');
  });

  test('a shell that is not there is status 1 and an event; the server goes on', async () => {
    const { end, err, report, peer } = await run('true', { account: testAccount({ shell: '/bin/no-such-shell' }) });
    expect([end, err]).toEqual(['exit-status 1', expect.stringMatching(/has failed/)]);
    expect((await report('session-error')).error).toMatch(/no-such-shell/);
    await peer.barrier();
  });
});

describe('how it ends', () => {
  test('input to its end, output to its end, then the status', async () => {
    const text = 'line of input\n'.repeat(20_000);
    const { out, end } = await run('cat', { input: text.slice(0, 30_000) });
    expect([out, end]).toEqual([text.slice(0, 30_000), 'exit-status 0']);
  });

  test('both streams past a window, exactly, and the status behind them', async () => {
    const { channel, end } = await run('head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3');
    expect([channel.stdout.length, channel.stderr.length, end]).toEqual([300_000, 300_000, 'exit-status 3']);
  });

  test('EOF once both outputs are closed, however long the program lives and listens', async () => {
    const { channel } = await openLab(runPrograms(testAccount()));
    channel.sendRequest(
      'exec',
      false,
      string('echo out; exec >&-; read go; echo err >&2; exec 2>&-; read code; exit $code'),
    );
    await channel.events.until(() => channel.stdout.length > 0, 'output');
    channel.data('go\n');
    await channel.until('eof');
    expect([channel.stdout.toString(), channel.stderr.toString()]).toEqual(['out\n', 'err\n']);
    channel.data('4\n');
    await channel.until('close');
    expect(channel.milestones).toEqual(['opened', 'eof', 'exit-status 4', 'close']);
  });

  test('a client that closes at EOF, as PuTTY does, hears the status of a program that lives on', async () => {
    const { channel } = await openLab(runPrograms(testAccount()));
    channel.sendRequest('exec', false, string('exec >&- 2>&-; read code; exit $code'));
    await channel.until('eof');
    channel.data('7\n');
    channel.close();
    await channel.until('close');
    expect(channel.milestones).toEqual(['opened', 'eof', 'exit-status 7', 'close']);
  });

  test('a client that closes before there is a program has said what that reads, and hears how it ended', async () => {
    let start = (): void => undefined;
    const started = new Promise<void>(resolve => (start = resolve));
    const late: ProgramRunner = {
      spawn: async (...program) => {
        await started;
        return directPrograms.spawn(...program);
      },
      spawnPty: directPrograms.spawnPty,
    };
    const account = testAccount();
    const { channel, peer } = await openLab(runPrograms(account, late));
    channel.sendRequest('exec', false, string('cat >heard; exit 5'));
    channel.data('heard');
    channel.close();
    await peer.barrier();
    start();
    await channel.until('close');
    expect(channel.milestones).toEqual(['opened', 'exit-status 5', 'close']);
    expect(readFileSync(join(account.home, 'heard'), 'utf8')).toBe('heard');
  });

  test('sessions that the client has closed count until their programs have ended', async () => {
    const { channel, peer, report } = await openLab(runPrograms(testAccount()), { server: { maxSessions: 1 } });
    channel.sendRequest('exec', false, string('echo $$; exec sleep 1000'));
    await channel.events.until(() => channel.stdout.toString().endsWith('\n'), 'its pid');
    channel.close();
    await expect(peer.openSession()).rejects.toThrow('no more than 1 sessions');
    process.kill(Number(channel.stdout.toString()), 'SIGTERM');
    await channel.until('close');
    expect(channel.milestones).toEqual(['opened', 'exit-signal TERM', 'close']);
    expect(await report('session-ended')).toMatchObject({ status: 'SIGTERM' });
    await (await peer.openSession()).until('opened');
  });

  for (const closes of [false, true]) {
    test(`a client vanishes${closes ? ' when it has closed' : ''}: a program that leaves its input unread is hung up all the same`, async () => {
      const { channel, peer } = await openLab(runPrograms(testAccount()));
      await channel.request('pty-req', ptyFields());
      channel.sendRequest('exec', false, string('stty raw -echo; echo $$; exec sleep 1000'));
      await channel.events.until(() => channel.stdout.toString().endsWith('\n'), 'its pid');
      const pid = Number(channel.stdout.toString());
      closeAfterTest(() => void (isAlive(pid) && process.kill(pid, 'SIGKILL')));
      for (let sent = 0; sent < 1_000_000; sent += 20_000) channel.data(Buffer.alloc(20_000));
      if (closes) channel.close();
      await peer.barrier();
      expect(isAlive(pid)).toBe(true);
      peer.socket.destroy();
      await untilGone(pid);
    });
  }

  test('a client vanishes: a program on a terminal may ignore it, and lives on when its input has ended', async () => {
    const account = testAccount();
    const { channel, peer } = await openLab(runPrograms(account));
    await channel.request('pty-req', ptyFields());
    channel.sendRequest('exec', false, string('trap "" HUP; echo $$; cat; echo >after; exec sleep 1000'));
    await channel.events.until(() => channel.stdout.toString().endsWith('\n'), 'its pid');
    const pid = Number(channel.stdout.toString());
    closeAfterTest(() => void (isAlive(pid) && process.kill(-pid, 'SIGKILL')));
    peer.socket.destroy();
    await untilSeen(() => existsSync(join(account.home, 'after')), `program ${pid} to go on after the hang-up`);
    expect(isAlive(pid)).toBe(true);
  });

  test('a signal is reported by name', async () => {
    expect((await run('kill -TERM $$')).end).toBe('exit-signal TERM');
  });

  test('a signal that the RFC does not name has a domain', async () => {
    expect((await run('kill -BUS $$')).end).toBe('exit-signal BUS@openssh.com');
  });

  test('the client’s signal reaches it', async () => {
    const { channel } = await openLab(runPrograms(testAccount()));
    channel.sendRequest(
      'exec',
      false,
      string('trap "echo got it; exit 9" TERM; echo ready; while :; do sleep 0.05; done'),
    );
    await channel.events.until(() => channel.stdout.toString() === 'ready\n', 'ready');
    expect(await channel.request('signal', [string('TERM')])).toBe('success');
    await channel.until('close');
    expect([channel.stdout.toString(), channel.milestones.includes('exit-status 9')]).toEqual([
      'ready\ngot it\n',
      true,
    ]);
  });

  test('the client’s resize reaches it', async () => {
    const { channel } = await openLab(runPrograms(testAccount()));
    await channel.request('pty-req', ptyFields());
    channel.sendRequest(
      'exec',
      false,
      string('trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done'),
    );
    await channel.events.until(() => channel.stdout.toString().includes('ready'), 'ready');
    channel.sendRequest('window-change', false, ...[120, 50, 0, 0].map(uint32));
    await channel.until('close');
    expect(channel.stdout.toString()).toBe('ready\r\n50 120\r\n');
  });

  // command, with a terminal or without, and what the program does when its client is gone; each as under sshd
  const vanishings: Array<[what: string, pty: boolean, command: string, survives: boolean]> = [
    ['a program on a terminal is hung up', true, 'exec sleep 1000', false],
    ['a program on pipes that reads sees the end of its input', false, 'cat >/dev/null', false],
    ['a program on pipes that does not read goes on', false, 'exec sleep 1000', true],
  ];

  for (const [what, pty, command, survives] of vanishings) {
    test(`a client vanishes: ${what}`, async () => {
      const { channel, peer, report } = await openLab(runPrograms(testAccount()));
      if (pty) await channel.request('pty-req', ptyFields());
      channel.sendRequest('exec', false, string(`echo $$; ${command}`));
      await channel.events.until(() => channel.stdout.toString().endsWith('\n'), 'its pid');
      const pid = Number(channel.stdout.toString());
      expect(isAlive(pid)).toBe(true);
      peer.socket.destroy();
      await report('connection-closed');
      if (!survives) return untilGone(pid);
      await turns(50);
      expect(isAlive(pid)).toBe(true);
      process.kill(-pid, 'SIGKILL');
      await untilGone(pid);
    });
  }
});

const untilGone = (pid: number): Promise<void> => untilSeen(() => !isAlive(pid), `program ${pid} to end`);

async function untilSeen(predicate: () => boolean, what: string, deadline = 30_000): Promise<void> {
  const giveUp = performance.now() + deadline;
  while (!predicate()) {
    if (performance.now() > giveUp) throw new Error(`waited ${deadline} ms for ${what}`);
    await new Promise(setImmediate);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('in a process host', () => {
  test('what the client asks before the program has been started reaches it then', async () => {
    const { host } = await openHost();
    const { channel } = await openLab(runPrograms(testAccount(), host));
    const untilResized = 'until [ "$(stty size)" = "37 91" ]; do sleep 0.05; done; stty size'; // it may come late, too
    await channel.request('pty-req', ptyFields('xterm', [80, 24, 0, 0]));
    channel.sendRequest('exec', false, string(`trap "exit 9" TERM; ${untilResized}; while :; do sleep 0.05; done`));
    channel.sendRequest('window-change', false, ...[91, 37, 0, 0].map(uint32));
    await channel.events.until(() => channel.stdout.toString() === '37 91\r\n', 'the new size');
    expect(await channel.request('signal', [string('TERM')])).toBe('success');
    await channel.until('close');
    expect(channel.milestones).toContain('exit-status 9');
  });

  test('a client that is gone before the start leaves no program behind', async () => {
    const { host } = await openHost();
    const programs: IProcessTransport[] = [];
    const spawnPty: ProgramRunner['spawnPty'] = async (...start) => {
      const program = await host.spawnPty(...start);
      programs.push(program);
      return program;
    };
    const { channel, peer, report } = await openLab(runPrograms(testAccount(), { spawn: host.spawn, spawnPty }));
    await channel.request('pty-req', ptyFields());
    channel.sendRequest('exec', false, string('sleep 1000'));
    peer.socket.destroy();
    await report('connection-closed');
    while (programs[0]?.pid !== null) await turns(1);
  });

  test('sessions of a host that dies end with the reason in the log, and the next ones run', async () => {
    const { host } = await openHost();
    const { channel, peer, report } = await openLab(runPrograms(testAccount(), host));
    channel.sendRequest('exec', false, string('echo ready; exec cat'));
    await channel.events.until(() => channel.stdout.toString() === 'ready\n', 'ready');
    process.kill(host.pid!, 'SIGKILL');
    await channel.until('close');
    expect((await report('session-error')).error).toBe('the process host that ran the program ended by SIGKILL');
    expect([channel.milestones, channel.stderr.toString()]).toEqual([
      expect.arrayContaining(['exit-status 1']),
      expect.stringMatching(/has failed/),
    ]);
    const next = await peer.openSession();
    next.sendRequest('exec', false, string('echo again'));
    await next.until('close');
    expect(next.stdout.toString()).toBe('again\n');
  });
});

describe('a home directory that does not answer', () => {
  const ways: Array<[name: string, runner: () => ProgramRunner | Promise<ProgramRunner>]> = [
    ['this process', () => directPrograms],
    ['a process host', async () => (await openHost()).host],
  ];
  if (has(compiler)) ways.push(['the addon', () => nativeRunner(buildNativePrograms)]);

  for (const [name, runner] of ways) {
    testWithHeldDirectory(`keeps only its own sessions waiting, which go on when it answers: ${name}`, async () => {
      const { path, wanted, letGo } = await holdDirectory();
      const [held, well] = [testAccount({ home: path }), testAccount()];
      let logins = 0;
      const accountOf = async (): Promise<Account> => ((logins += 1) <= 6 ? held : well);
      const { peer, channel } = await openLab(runPrograms(accountOf, await runner()));
      const waiting = [channel];
      for (let more = 1; more < 6; more += 1) waiting.push(await peer.openSession());
      waiting.forEach(one => one.sendRequest('exec', false, string('cat; pwd')));
      await wanted();
      waiting.forEach(one => (one.data('hello\n'), one.eof()));
      const other = await peer.openSession();
      other.sendRequest('exec', false, string('cat'));
      other.data('meanwhile');
      other.eof();
      await other.until('close');
      expect([other.stdout.toString(), waiting.flatMap(one => one.milestones.slice(1))]).toEqual(['meanwhile', []]);
      letGo();
      await Promise.all(waiting.map(one => one.until('close')));
      expect(new Set(waiting.map(one => one.stdout.toString()))).toEqual(new Set([`hello\n${path}\n`]));
    });
  }
});

if (has(compiler)) {
  beforeAll(() => void buildNativePrograms(), 120_000);

  test('two programs of the addon’s, read through the same memory, are each heard by their own client', async () => {
    const runner = { ...directPrograms, ...nativeRunner(buildNativePrograms) };
    const { peer, channel } = await openLab(runPrograms(testAccount(), runner));
    const channels = [channel, await peer.openSession({ window: 50_000, maxPacket: 5_000 })];
    const numbers = [0, 1].map(which => Array.from({ length: 60_000 }, (_, index) => `${which}${index}`));
    channels.forEach((one, which) => one.sendRequest('exec', false, string(`seq -f ${which}%g 0 59999`)));
    await Promise.all(channels.map(one => one.until('close', 30_000)));
    expect(channels.map(one => one.stdout.toString() === numbers.shift()!.join('\n') + '\n')).toEqual([true, true]);
  });

  if (has(perl)) {
    const late = async (text: string): Promise<SessionLab & { readonly home: string; readonly held: HeldFile }> => {
      const { home, ...account } = testAccount();
      const shell = join(home, 'shell');
      writeFileSync(shell, text, { mode: 0o755 });
      const held = await holdFile(shell);
      const lab = await openLab(runPrograms({ ...account, home, shell }, nativeRunner(buildNativePrograms)));
      lab.channel.sendRequest('shell', false);
      return { ...lab, home, held };
    };

    test('what a client sends and closes while its shell takes long to open is all there when it starts', async () => {
      const { channel, held, home } = await late('#!/bin/sh\ncat >heard; exit 5');
      channel.data('heard');
      channel.close();
      await held.wanted();
      held.letGo();
      await channel.until('close');
      expect(channel.milestones).toEqual(['opened', 'exit-status 5', 'close']);
      expect(readFileSync(join(home, 'heard'), 'utf8')).toBe('heard');
    });

    test('a signal for a shell that takes long to open is its when it starts', async () => {
      const { channel, held } = await late('#!/bin/sh\nexec sleep 1000');
      await held.wanted();
      expect(await channel.request('signal', [string('TERM')])).toBe('success');
      held.letGo();
      await channel.until('close');
      expect(channel.milestones).toContain('exit-signal TERM');
    });
  }
}
