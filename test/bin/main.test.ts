/** The command as a person meets it: what it prints and its exit codes, all of it in this process. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../bin/exit-codes.ts';
import { sshKeygen } from '../support/ssh-keygen.ts';
import { fill, makeHostKey, run } from './test-io.ts';

const { ok, failure, usage, configuration } = exitCodes;

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
    expect(out).toMatch(/listen:\n {2}- 127\.0\.0\.1:2222\nhostKeys: \[\]\nnextHostKeys: \[\]\nauthorizedKeys: null\n/);
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
