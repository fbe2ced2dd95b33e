/** Servers started by the command, and logins to them with the real ssh. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../bin/exit-codes.ts';
import { main } from '../../bin/main.ts';
import { generateEd25519 } from '../../ssh/ssh2/private-key.ts';
import { makeKey, sshKeygen, temporaryDirectory } from '../support/ssh-keygen.ts';
import { build } from '../interop/build.ts';
import { fill, run, testIo, type TestIo } from './test-io.ts';

beforeAll(build, 60_000); // for the process host, which is a program of its own

const { ok, failure } = exitCodes;

/** Run a server until the promise `use` makes is kept, then stop it as Ctrl-C does. Answers its exit code. */
async function whileRunning(
  line: string[],
  io: TestIo,
  ready: RegExp,
  use: (io: TestIo) => Promise<void>,
): Promise<number> {
  const ended = main(line, io);
  while (!ready.test(io.written.out)) {
    const over = await Promise.race([ended, new Promise<undefined>(resolve => setImmediate(resolve, undefined))]);
    if (over !== undefined) throw new Error(`ended with ${over}: ${io.written.err}`);
  }
  await use(io);
  io.signal();
  return ended;
}

/** Run an `ssh …` line as a shell would, with no question asked and no configuration of the machine's. */
async function ssh(line: string): Promise<{ out: string; err: string; code: number | null }> {
  const quiet = line.replace(/^ssh /, 'ssh -F none -o BatchMode=yes ');
  const child = spawn('sh', ['-c', quiet], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', data => (out += String(data)));
  child.stderr.on('data', data => (err += String(data)));
  await once(child, 'close');
  return { out, err, code: child.exitCode };
}

/** Wait for text on the log, however long it takes. */
async function logged(io: TestIo, text: string): Promise<void> {
  while (!io.written.out.includes(text)) await new Promise(resolve => setImmediate(resolve));
}

describe('stopping', () => {
  // when the second signal comes, in milliseconds after the first, and what becomes of the session that is running
  const facts: Array<[after: number, status: string | undefined, why: string]> = [
    [0, '7', 'the same Ctrl-C, passed on by npm: the session may end'],
    [499, '7', 'still the same'],
    [501, undefined, 'another one: everything ends now'],
  ];
  for (const [after, status, why] of facts) {
    test(`a second signal after ${after} ms is ${why}`, async () => {
      const directory = temporaryDirectory();
      const io = testIo(directory);
      const ended = main(['start', '--port', '0'], io);
      await logged(io, 'Ctrl-C');
      const session = ssh(
        `${/ssh .*/.exec(io.written.out)?.[0]} 'until test -e ${directory}/go; do sleep 0.05; done; exit 7'`,
      );
      await logged(io, 'session-started');
      io.signal();
      await logged(io, 'draining');
      io.clock.now += after;
      io.signal();
      if (status) writeFileSync(join(directory, 'go'), '');
      expect(await ended).toBe(ok.code);
      await session;
      expect(/session-ended.*status=(\d+)/.exec(io.written.out)?.[1]).toBe(status);
      writeFileSync(join(directory, 'go'), '');
    });
  }
});

describe('nacre serve', () => {
  test('with --log json, the first lines are the addresses, and every line is JSON', async () => {
    const directory = temporaryDirectory();
    fill(directory);
    const io = testIo(directory);
    const line = [
      'serve',
      '--config',
      'nacre.yaml',
      '--log',
      'json',
      '--listen',
      '127.0.0.1:0',
      '--listen',
      'localhost:0',
    ];
    const code = await whileRunning(line, io, /listening.*\n.*listening/, async () => undefined);
    const events = io.written.out
      .trim()
      .split('\n')
      .map(text => JSON.parse(text) as Record<string, unknown>);
    expect(events.slice(0, 2)).toEqual([
      { event: 'listening', level: 'info', time: expect.any(String), host: '127.0.0.1', port: expect.any(Number) },
      expect.objectContaining({ event: 'listening', port: expect.any(Number) }),
    ]);
    expect(events.map(({ event }) => event).slice(2)).toEqual(['process-host-started', 'draining', 'stopped']);
    expect(code).toBe(ok.code);
  });
  test('an address that is taken is said to be, with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const result = await run(['serve', '--config', 'nacre.yaml', '--listen', `127.0.0.1:${port}`], fill);
    taken.close();
    expect(result).toMatchObject({ code: failure.code, out: '' });
    expect(result.err).toBe(
      `nacre: 127.0.0.1:${port} is taken by another program; choose another port with --listen or --port, or stop that program\n`,
    );
  });
});

describe('nacre start', () => {
  const lineIn = (io: TestIo): string => /^ {4}(ssh .*)$/m.exec(io.written.out)?.[1] ?? '';

  test('on a machine without keys: the printed line logs in with a demo key, and Ctrl-C ends it with 0', async () => {
    const directory = temporaryDirectory();
    const io = testIo(directory);
    const keys = `100% 'my' keys`; // a shell, ssh's own quoting and ssh's tokens all have a word in it
    const code = await whileRunning(['start', '--port', '0', '--keys', keys], io, /Ctrl-C/, async () => {
      expect(io.written.out).toContain(`the demo key ${keys}/demo_ed25519`);
      expect(io.written.out).toContain(
        sshKeygen(['-l', '-f', join(directory, keys, 'ssh_host_ed25519_key')]).split(' ')[1],
      );
      expect(await ssh(`${lineIn(io)} 'echo in; exit 7'`)).toEqual({ out: 'in\n', err: '', code: 7 });
      expect((await ssh(`${lineIn(io).replace(/ \w+@/, ' somebody-else@')} 'echo in'`)).out).toBe('');
    });
    expect(code).toBe(ok.code);
    expect((statSync(join(directory, keys)).mode & 0o777).toString(8)).toBe('700');
  });
  test('where one of the person’s own keys fits, there is no demo key, and the line uses theirs', async () => {
    const home = temporaryDirectory();
    mkdirSync(join(home, '.ssh'), { mode: 0o700 });
    const mine = makeKey(join(home, '.ssh'), 'ed25519');
    const stranger = generateEd25519('stranger').publicLine;
    writeFileSync(
      join(home, '.ssh', 'authorized_keys'),
      `${stranger}\nrestrict ${stranger}\n${readFileSync(`${mine}.pub`, 'utf8')}`,
      { mode: 0o600 },
    );
    const io = testIo(home);
    await whileRunning(['start', '--listen', '127.0.0.1:0', '--keys', 'k'], io, /Ctrl-C/, async () => {
      expect(io.written.out).toMatch(/2 keys in \.ssh\/authorized_keys/);
      expect(io.written.out).toMatch(/not line 2 of .*option 'restrict'/);
      expect(lineIn(io)).toContain(` -i ${mine} `);
      expect((await ssh(`${lineIn(io)} 'echo in'`)).out).toBe('in\n');
    });
    expect(existsSync(join(home, 'k', 'demo_ed25519'))).toBe(false);
  });
  test('a key that is taken out of authorized_keys no longer logs in, and a refused line is logged once', async () => {
    const directory = temporaryDirectory();
    fill(directory);
    const io = testIo(directory);
    const key = join(directory, 'ed25519-');
    await whileRunning(['serve', '--config', 'nacre.yaml', '--log', 'json'], io, /listening/, async () => {
      const { port } = JSON.parse(io.written.out.split('\n')[0]!) as { port: number };
      const login = (): ReturnType<typeof ssh> =>
        ssh(
          `ssh -p ${port} -i ${key} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null ` +
            `${io.user.name}@127.0.0.1 'echo in'`,
        );
      expect((await login()).out).toBe('in\n');
      writeFileSync(join(directory, 'authorized'), `restrict ${readFileSync(`${key}.pub`, 'utf8')}`);
      expect((await login()).out).toBe('');
      expect((await login()).out).toBe('');
    });
    const refusals = io.written.out.split('\n').filter(text => text.includes('authorized-keys-line-refused'));
    expect(refusals).toHaveLength(1);
    expect(JSON.parse(refusals[0]!)).toMatchObject({
      level: 'warn',
      line: 1,
      reason: expect.stringMatching(/'restrict'/),
    });
  });
});
