import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../bin/exit-codes.ts';
import { main } from '../../bin/main.ts';
import { generateEd25519 } from '../../ssh/ssh2/private-key.ts';
import { makeKey, sshKeygen, temporaryDirectory } from '../support/ssh-keygen.ts';
import { testIo, type TestIo } from './test-io.ts';

/** Run a command line to its end in a directory of its own, which `before` may fill. */
async function run(line: string[], before: (directory: string) => void = () => undefined) {
  const directory = temporaryDirectory();
  before(directory);
  const io = testIo(directory);
  const code = await main(line, io);
  return { code, directory, ...io.written };
}

const { ok, failure, usage, configuration } = { ...exitCodes };

describe('command lines that are wrong', () => {
  const wrong: Array<[line: string[], code: number, says: RegExp]> = [
    [[], usage.code, /Usage: nacre/],
    [['sevre'], usage.code, /unknown command 'sevre'[\s\S]*Did you mean serve/],
    [['serve', '--lisen', 'x:1'], usage.code, /unknown option '--lisen'[\s\S]*Did you mean --listen/],
    [['serve', 'extra'], usage.code, /too many arguments/],
    [['serve', '--log', 'xml'], usage.code, /Allowed choices are pretty, json/],
    [['serve', '--\x1b[2J'], usage.code, /unknown option '--\\u001b\[2J'/],
    [['start', '--port', '70000'], usage.code, /'70000' is not a port number/],
    [['serve', '--listen', '2222'], configuration.code, /--listen: '2222' is not HOST:PORT/],
    [['serve'], configuration.code, /hostKeys: a server needs a host key; to make one: nacre keygen -f/],
    [['serve', '--host-key', 'none'], configuration.code, /no such file; to make one: nacre keygen -f .*none/],
    [['serve', '--config', 'none.yaml'], configuration.code, /none\.yaml: cannot be read \(ENOENT\)/],
  ];
  for (const [line, code, says] of wrong) {
    test(`nacre ${JSON.stringify(line.join(' '))} ends with ${code} and says why`, async () => {
      const result = await run(line);
      expect(result.err).toMatch(says);
      expect(result.err).not.toContain('\x1b');
      expect(result.code).toBe(code);
      expect(result.out).toBe('');
    });
  }
  test('a server that nobody could log in to is refused', async () => {
    const result = await run(['serve', '--host-key', 'k'], directory => void makeHostKey(directory));
    expect([result.code, result.err]).toEqual([
      configuration.code,
      expect.stringMatching(/authorizedKeys: nobody could log in/),
    ]);
  });
});

const makeHostKey = (directory: string): void =>
  void sshKeygen(['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'k')]);

describe('help', () => {
  for (const command of ['start', 'serve', 'keygen']) {
    test(`nacre ${command} --help ends well and shows examples`, async () => {
      const { code, out } = await run([command, '--help']);
      expect([code, out]).toEqual([
        ok.code,
        expect.stringMatching(new RegExp(`Examples:\\n +nacre ${command}|Examples:\\n  nacre keygen`)),
      ]);
    });
  }
  test('every exit code is explained', async () => {
    const { out } = await run(['serve', '--help']);
    for (const { code, means } of Object.values(exitCodes)) expect(out).toContain(`${String(code).padEnd(3)} ${means}`);
  });
  test('nacre version and nacre --version agree with package.json', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const { out } = await run(['version']);
    expect(out).toMatch(`nacre ${version} (node ${process.version}`);
    expect((await run(['--version'])).out).toBe(out);
  });
});

describe('nacre keygen', () => {
  test('ssh-keygen -y and -l agree with the files and with what was printed', async () => {
    const { code, out, directory } = await run(['keygen', '-f', 'sub/key', '-C', 'me@here']);
    const path = join(directory, 'sub', 'key');
    const publicLine = readFileSync(`${path}.pub`, 'utf8');
    expect(code).toBe(ok.code);
    expect(sshKeygen(['-y', '-f', path])).toBe(publicLine);
    expect(sshKeygen(['-l', '-f', path])).toMatch(/^256 SHA256:\S+ me@here \(ED25519\)/);
    expect(out).toContain(sshKeygen(['-l', '-f', path]).split(' ')[1]);
    expect(out).toContain(`saved in ${path}\n`);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
  });
  test('a passphrase locks it', async () => {
    const { directory } = await run(['keygen', '-f', 'key', '-N', 'secret']);
    expect(sshKeygen(['-y', '-P', 'secret', '-f', join(directory, 'key')])).toMatch(/^ssh-ed25519 /);
    expect(() => sshKeygen(['-y', '-P', 'wrong', '-f', join(directory, 'key')])).toThrow();
  });
  test('a file that is there stays, unless --force', async () => {
    const precious = (directory: string): void => writeFileSync(join(directory, 'key'), 'precious');
    const refused = await run(['keygen', '-f', 'key'], precious);
    expect([refused.code, refused.err]).toEqual([failure.code, expect.stringMatching(/there is a file already/)]);
    expect(readFileSync(join(refused.directory, 'key'), 'utf8')).toBe('precious');
    expect(existsSync(join(refused.directory, 'key.pub'))).toBe(false);
    const forced = await run(['keygen', '-f', 'key', '--force'], precious);
    expect(sshKeygen(['-y', '-f', join(forced.directory, 'key')])).toMatch(/^ssh-ed25519 /);
  });
});

/** A key, a host key, authorized_keys and a configuration that names them. */
function fill(directory: string): void {
  makeHostKey(directory);
  const me = makeKey(directory, 'ed25519');
  writeFileSync(join(directory, 'authorized'), readFileSync(`${me}.pub`), { mode: 0o600 });
  writeFileSync(join(directory, 'nacre.yaml'), 'listen: [127.0.0.1:0]\nhostKeys: [k]\nauthorizedKeys: authorized\n');
}

describe('nacre serve --print-config', () => {
  test('prints every setting, defaults included, and can be fed back', async () => {
    const first = await run(['serve', '--config', 'nacre.yaml', '--print-config'], fill);
    expect(first.out).toContain(`authorizedKeys: ${first.directory}/authorized\n`);
    expect(first.out).toContain('loginGraceTime: 2m\n');
    const again = await run(['serve', '--config', 'x.yaml', '--print-config'], directory =>
      writeFileSync(join(directory, 'x.yaml'), first.out),
    );
    expect(again.out).toBe(first.out);
  });
  test('flags win over the file, the file over the defaults', async () => {
    const { out } = await run(
      ['serve', '--config', 'nacre.yaml', '--listen', '[::1]:5', '--listen', 'h:6', '--print-config'],
      fill,
    );
    expect(out).toMatch(/listen:\n {2}- "\[::1\]:5"\n {2}- h:6\n/);
    expect(out).toContain(`/k\n`);
    expect(out).toContain('drainTime: 30s\n');
  });
  test('with nothing given, it shows that no door is open', async () => {
    const { out } = await run(['serve', '--print-config']);
    expect(out).toMatch(/listen:\n {2}- 127\.0\.0\.1:2222\nhostKeys: \[\]\nauthorizedKeys: null\n/);
  });
});

describe('nacre serve --check', () => {
  test('is silent about what is fine', async () => {
    expect(await run(['serve', '--config', 'nacre.yaml', '--check'], fill)).toMatchObject({
      code: ok.code,
      out: '',
      err: '',
    });
  });
  const wrong: Array<[what: string, spoil: (directory: string) => void, says: RegExp]> = [
    ['a host key others can read', directory => chmodSync(join(directory, 'k'), 0o644), /mode 0644/],
    ['no authorized_keys', directory => chmodSync(join(directory, 'authorized'), 0o666), /mode 0666/],
    [
      'no line that counts',
      directory => writeFileSync(join(directory, 'authorized'), 'from="x" y\n'),
      /line=1 .*has no key that could log in/s,
    ],
  ];
  for (const [what, spoil, says] of wrong) {
    test(`${what} is a configuration error`, async () => {
      const result = await run(
        ['serve', '--config', 'nacre.yaml', '--check'],
        directory => (fill(directory), spoil(directory)),
      );
      expect([result.code, result.err]).toEqual([configuration.code, expect.stringMatching(says)]);
    });
  }
});

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

async function ssh(args: string[]): Promise<{ out: string; err: string; code: unknown }> {
  const child = spawn('ssh', ['-o', 'BatchMode=yes', '-F', 'none', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', data => (out += String(data)));
  child.stderr.on('data', data => (err += String(data)));
  const [code]: unknown[] = await once(child, 'close');
  return { out, err, code };
}

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
    expect(events.map(({ event }) => event).slice(2)).toEqual(['draining', 'stopped']);
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
  const lineIn = (io: TestIo): string[] =>
    /^ {4}ssh (.*)$/m.exec(io.written.out)?.[1]?.replaceAll("'", '').split(' ') ?? [];

  test('on a machine without keys: the printed line logs in with a demo key, and Ctrl-C ends it with 0', async () => {
    const directory = temporaryDirectory();
    const io = testIo(directory);
    const code = await whileRunning(['start', '--port', '0'], io, /Ctrl-C/, async () => {
      expect(io.written.out).toMatch(/the demo key keys\/host\/demo_ed25519/);
      expect(io.written.out).toContain(
        sshKeygen(['-l', '-f', join(directory, 'keys/host/ssh_host_ed25519_key')]).split(' ')[1],
      );
      expect(await ssh([...lineIn(io), 'echo in; exit 7'])).toEqual({ out: 'in\n', err: '', code: 7 });
      expect((await ssh([...lineIn(io).slice(0, -1), 'somebody-else@127.0.0.1', 'echo in'])).out).toBe('');
    });
    expect(code).toBe(ok.code);
    expect((statSync(join(directory, 'keys/host')).mode & 0o777).toString(8)).toBe('700');
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
      expect(lineIn(io)).toEqual(expect.arrayContaining(['-i', mine]));
      expect((await ssh([...lineIn(io), 'echo in'])).out).toBe('in\n');
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
        ssh([
          '-p',
          String(port),
          '-i',
          key,
          '-o',
          'IdentitiesOnly=yes',
          '-o',
          'StrictHostKeyChecking=no',
          '-o',
          'UserKnownHostsFile=/dev/null',
          `${io.user.name}@127.0.0.1`,
          'echo in',
        ]);
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
