/** Programs of another user: exactly the ids that were given, a terminal of their own, and nothing of ours in reach. */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, constants, existsSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { checkIdentity, switchers, switchTo, type Identity } from '../../../transport/process/identity.ts';
import { launch } from '../../../transport/process/launcher.ts';
import { bash, sh } from '../../../transport/process/launcher-scripts.ts';
import { spawnPipes } from '../../../transport/process/pipes.ts';
import {
  bubblewrap,
  container,
  resourceLimits,
  rootDirectory,
  systemdScope,
} from '../../../transport/process/prefixes.ts';
import type { Program } from '../../../transport/process/program.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { has } from '../../interop/missing.ts';
import { describeAsRoot } from '../../support/as-root.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { buildNativePrograms, compiler, spawnPtyNatively } from '../../support/native-programs.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { listDescriptors, noSignals, program, script, signals } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { endOf, kinds, type Ended } from './run-to-end.ts';

/** No such account needs to exist: everything is numbers. */
const somebody: Identity = { uid: 54_321, gid: 54_322, groups: [54_324, 20, 54_323, 54_322] };

const ids = ['-E', '^(Uid|Gid|Groups|CapPrm|CapEff|CapAmb|CapInh):', '/proc/self/status'];

const expected = [
  'Uid:\t54321\t54321\t54321\t54321',
  'Gid:\t54322\t54322\t54322\t54322',
  'Groups:\t20 54322 54323 54324 ',
  ...['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map(name => `${name}:\t0000000000000000`),
];

const allKinds: typeof kinds = [
  ...kinds,
  ...(has(compiler) ? [['on a terminal of the addon’s', runNatively] satisfies [string, unknown]] : []),
];

function runNatively(what: Program): Promise<Ended> {
  return endOf(recorder => spawnPtyNatively(buildNativePrograms)(what, quiet, recorder));
}

describeAsRoot('a program of another user', () => {
  for (const [kind, run] of allKinds) {
    test(`${kind} has exactly the ids that were given, and no capability`, async () => {
      const { out } = await run(program('/usr/bin/grep', ids, { identity: somebody }));
      expect(out.trimEnd().split('\n')).toEqual(expected);
    });

    test(`${kind} has no groups if none were given, whatever the server has`, async () => {
      const { out } = await run(program('/usr/bin/grep', ids, { identity: { ...somebody, groups: [] } }));
      expect(out).toMatch(/^Groups:\t $/m);
    });

    test(`${kind} can be root's again, without the groups that are not given`, async () => {
      const { out } = await run(program('/usr/bin/id', [], { identity: { uid: 0, gid: 0, groups: [] } }));
      expect(out).toBe('uid=0(root) gid=0(root) groups=0(root)\n');
    });

    test(`${kind} starts in / if its user may not enter the directory, and says so`, async () => {
      const cwd = mkdtempSync(join(tmpdir(), 'nacre-closed-'));
      closeAfterTest(() => rmSync(cwd, { recursive: true }));
      chmodSync(cwd, 0o700);
      const { out, err } = await run(script('pwd', { identity: somebody, cwd }));
      expect((out + err).split('\n').filter(Boolean).sort()).toEqual(
        ['/', `Could not change to directory ${cwd}: starting in /`].sort(),
      );
    });

    test(`${kind} has its name, its environment and its arguments exactly`, async () => {
      const environment = {
        A: '1',
        LD_PRELOAD: '',
        PATH: '/nowhere',
        V_0: 'x',
        LC_ALL: 'xx',
        count: 'z',
      };
      const shell = script('echo "$0"; exec /usr/bin/env', { identity: somebody, environment, argv0: 'odd' });
      const { out } = await run(shell);
      const [name, ...rest] = out.trimEnd().split('\n');
      expect(name).toBe('odd');
      const wanted = Object.entries(environment).map(pair => pair.join('='));
      expect(rest.filter(line => !/^(PWD|SHLVL|OLDPWD|_)=/.test(line)).sort()).toEqual(wanted.sort());
    });

    test(`${kind} can look into no process of ours`, async () => {
      const { out, err, code } = await run(script(`ls /proc/${process.pid}/fd/ 2>&1`, { identity: somebody }));
      expect([out + err, code]).toEqual([expect.stringMatching(/Permission denied/), 2]);
    });
  }

  test('on a terminal inherits nothing but the terminal', async () => {
    const other = new ProcessRecorder();
    spawnPty(script('read line'), quiet, other);
    closeAfterTest(() => other.process.abortConnection());
    const { out } = await endOf(recorder => spawnPty({ ...listDescriptors, identity: somebody }, quiet, recorder));
    expect(out).toBe('done\n');
    other.process.write(Buffer.from('\n'));
    await other.untilEnded();
  });

  test('owns its terminal, with the group tty, and can open it by its path', async () => {
    const look = 'stat -c "%u %G %a" "$(tty)" && : >"$(tty)" <"$(tty)" && mesg n; stat -c %a "$(tty)"';
    const { out } = await endOf(recorder => spawnPty(script(look, { identity: somebody }), quiet, recorder));
    expect(out).toBe('54321 tty 620\n600\n');
  });

  test('gives its terminal back: what is left of it belongs to root', async () => {
    const recorder = new ProcessRecorder();
    const process = spawnPty(script('echo ready; read line', { identity: somebody }), quiet, recorder);
    closeAfterTest(() => process.abortConnection());
    await recorder.until(() => recorder.text.includes('ready'));
    const peer = process.getPeer();
    const path = peer.kind === 'process' ? (peer.tty ?? '') : '';
    const kept = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    closeAfterTest(() => closeSync(kept));
    process.write(Buffer.from('\n'));
    await recorder.untilEnded();
    expect(fstatSync(kept)).toMatchObject({ uid: 0, gid: 0, mode: constants.S_IFCHR | 0o600 });
  });

  const present = switchers.filter(({ file }) => existsSync(file));
  test.each(present.map(switcher => [switcher.file, switcher] as const))('%s makes the same ids', (_, switcher) => {
    const [file = '', ...args] = switchTo(somebody, switcher);
    const { stdout } = spawnSync(file, [...args, '/usr/bin/grep', ...ids], { encoding: 'utf8' });
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
  });

  test.each([
    ['bash', bash],
    ['sh', sh],
  ])('%s runs nothing if the change of user was not exact', (_, shell) => {
    const settings = ['plain', 'Uid: 1 1 1 1\nGid: 1 1 1 1\nGroups:', '', '', '', '', '--'];
    const command = shell.argumentsOf(program('/bin/echo', ['ran']));
    const args = [...shell.options, '-c', shell.run, 'launcher', ...settings, ...command];
    const { status, stdout, stderr } = spawnSync(shell.file, args, { encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([126, '', expect.stringMatching(/not exact/)]);
  });

  test('without bash it has the same ids, and a terminal of its own', () => {
    const { file, args, environment } = launch(
      program('/usr/bin/grep', ids, { identity: somebody, environment: { A: '1' } }),
      undefined,
      sh,
    );
    const { stdout } = spawnSync(file, args, { env: environment, encoding: 'utf8' });
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
  });

  test('has the limits that were set before the change of user, and the umask', async () => {
    const prefix = { beforeSwitch: [...resourceLimits({ nofile: [64, 128], core: 0 }), ...rootDirectory('/')] };
    const what = script('ulimit -S -n; ulimit -H -n; umask; id -u', { identity: somebody, prefix, umask: 0o027 });
    for (const [, run] of allKinds) expect((await run(what)).out).toBe('64\n128\n0027\n54321\n');
  });
});

test('whoever is not root starts nobody else’s programs, and is told so', () => {
  const spy = jest.spyOn(process, 'geteuid').mockReturnValue(1000);
  closeAfterTest(() => spy.mockRestore());
  expect(() => checkIdentity(somebody)).toThrow('only root can start programs as user 54321');
});

test.each([-1, 1.5, 2 ** 32 - 1, NaN])('%s is no id: setreuid(2) would leave a user as it is', id => {
  expect(() => checkIdentity({ ...somebody, groups: [id] })).toThrow('ids of users and groups are whole numbers');
});

test('variables are nobody’s until the change of user: root’s shell and linker see names without a meaning', () => {
  const environment = { LD_PRELOAD: '/tmp/evil.so', BASH_ENV: '/tmp/evil', PATH: '/tmp', V_7: '' };
  const launched = launch(script('true', { identity: somebody, environment }));
  expect(Object.keys(launched.environment)).toEqual(['V__0', 'V__1', 'V__2', 'V__3']);
  expect(launched.args.join(' ')).not.toContain('evil');
});

describe('bytes that are not text reach the program as they are', () => {
  const what = script('printf "%s|%s|" "$1" "$B"', { environment: { B: '\udcfe\\n' } });
  const raw = { ...what, args: [...what.args, 'sh', 'é\\\udcff7\n'] };
  const bytes = Buffer.concat([
    Buffer.from('é\\'),
    Buffer.from([0xff]),
    Buffer.from('7\n|'),
    Buffer.from([0xfe]),
    Buffer.from('\\n|'),
  ]);

  test.each([
    ['pipes', (recorder: ProcessRecorder) => spawnPipes(raw, recorder)],
    ['a terminal', (recorder: ProcessRecorder) => spawnPty(raw, quiet, recorder)],
  ])('on %s', async (_, start) => {
    const recorder = new ProcessRecorder();
    start(recorder);
    await recorder.untilEnded();
    expect(Buffer.concat(recorder.chunks)).toEqual(bytes);
  });

  test('without bash', () => {
    const { file, args, environment } = launch(raw, undefined, sh);
    expect(spawnSync(file, args, { env: environment }).stdout).toEqual(bytes);
  });
});

describe('commands that a program is started through', () => {
  test('run behind the change of user, the program’s own name is lost, and a login shell is told by -l', async () => {
    const prefix = { afterSwitch: ['/usr/bin/env', 'B=2'] };
    const what = script('echo "$A$B $0"; shopt -q login_shell && echo login', {
      prefix,
      environment: { A: '1' },
      argv0: '-x',
    });
    const { out } = await endOf(recorder => spawnPipes({ ...what, file: '/bin/bash' }, recorder));
    expect(out).toBe('12 /bin/bash\nlogin\n');
  });

  test('must be there', () => {
    const prefix = { beforeSwitch: ['/nowhere/at/all'] };
    expect(() => spawnPipes(script('true', { prefix }), new ProcessRecorder())).toThrow(/a prefix cannot be used/);
  });

  // made of, words, where they are written
  test.each([
    [systemdScope({ MemoryMax: '1G' }), '/usr/bin/systemd-run --scope --quiet --collect --property=MemoryMax=1G --'],
    [bubblewrap(['--ro-bind', '/', '/']), '/usr/bin/bwrap --die-with-parent --ro-bind / / --'],
    [container('box', { terminal: true }), '/usr/bin/podman exec --interactive --tty box'],
    [resourceLimits({ cpu: 'unlimited' }), '/usr/bin/prlimit --cpu=unlimited:unlimited --'],
  ])('%j are words of an array', (words, joined) => {
    expect(words.join(' ')).toBe(joined);
  });

  test('take no name that is an option, and no limit that is none', () => {
    expect(() => container('--privileged')).toThrow('is no name of a container');
    expect(() => resourceLimits({ nofile: -1 })).toThrow('must be a whole number');
  });
});

test('signals that the server ignores are not ignored by its programs, so that a hang-up ends them', async () => {
  for (const [, run] of allKinds) {
    expect((await run(signals)).out).toBe(noSignals);
  }
});
