/** The launcher: modes before the first instruction, argv[0], and an environment that a shell has passed through. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { launch } from '../../../transport/process/launcher.ts';
import { sh } from '../../../transport/process/launcher-scripts.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { listDescriptors, program, script } from '../../support/programs.ts';
import { quiet, terminal } from '../../support/terminals.ts';

async function outputOf(...start: [Parameters<typeof spawnPty>[0], Parameters<typeof spawnPty>[1]?]): Promise<string> {
  const recorder = new ProcessRecorder();
  spawnPty(start[0], start[1] ?? quiet, recorder);
  await recorder.untilEnded();
  return recorder.text;
}

test('a login shell knows that it is one, and ps shows it as one', async () => {
  const shell = program('/bin/bash', ['-c', 'shopt -q login_shell && ps -o args= -p $$; true'], { argv0: '-bash' });
  expect(await outputOf(shell)).toMatch(/^-bash -c /);
});

test('the modes are there before the first instruction of the program', async () => {
  const modes = terminal([
    [1, 24],
    [18, 255],
    [42, 0],
    [53, 0],
    [72, 0],
    [128, 9_600],
    [129, 9_600],
  ]);
  const told = await outputOf(program('/usr/bin/stty', ['-a']), modes);
  for (const part of ['intr = ^X;', 'discard = <undef>;', '-iutf8', '-echo ', '-onlcr', 'speed 9600 baud']) {
    expect(told).toContain(part);
  }
});

test('without modes the terminal is as the kernel makes it, with IUTF8', async () => {
  const told = await outputOf(program('/usr/bin/stty', ['-a']), terminal());
  for (const part of [
    '-brkint',
    '-ixany',
    '-imaxbel',
    ' iutf8',
    'eol = <undef>;',
    'intr = ^C;',
    ' echo ',
    ' icanon ',
  ]) {
    expect(told).toContain(part);
  }
});

test('the program is told its terminal by a variable, if one is named for it', async () => {
  const told = await outputOf(script('echo $SSH_TTY; tty'), { ...quiet, ttyVariable: 'SSH_TTY' });
  expect(told).toMatch(/^(\/dev\/pts\/\d+)\n\1\n$/);
});

test('a locale that the machine lacks is told of by the program at most, never by the launcher', async () => {
  const environment = { LANG: 'xx_YY.UTF-8', LC_ALL: 'de_NOPE', LANGUAGE: 'xx' };
  expect(await outputOf(program('/bin/echo', ['quiet'], { environment }))).toBe('quiet\n');
});

describe('variables that mean something to the launcher reach the program and nobody else', () => {
  const environment = {
    BASH_ENV: '/nonexistent',
    ENV: '/nonexistent',
    PWD: '/elsewhere',
    OLDPWD: '/before',
    IFS: 'x',
    PS4: '$(id)',
    POSIXLY_CORRECT: '1',
    BASH_COMPAT: 'wrong',
    LINES: '3',
    COLUMNS: '4',
    CDPATH: '/tmp',
    GLOBIGNORE: '*',
    'BASH_FUNC_stty%%': '() { echo stolen; }',
    'BASH_FUNC_printf%%': '() { echo stolen; }',
    LC_X: '$(id)`id`',
    PATH: '/nonexistent',
  };

  test.each(Object.entries(environment))('%s', async (name, value) => {
    const told = await outputOf(program('/usr/bin/env', ['-0'], { environment: { [name]: value } }));
    expect(told).toBe(`${name}=${value}\0`);
  });

  test('all of them at once', async () => {
    const told = await outputOf(program('/usr/bin/env', ['-0'], { environment }));
    const given = Object.entries(environment).map(pair => pair.join('='));
    expect(told.split('\0').filter(Boolean).sort()).toEqual(given.sort());
  });

  test('what a shell computes is left out: SHLVL, SHELLOPTS', async () => {
    const environment = { SHLVL: '7', SHELLOPTS: 'xtrace', A: '1' };
    expect(await outputOf(program('/usr/bin/env', [], { environment }))).toBe('A=1\n');
  });
});

test('nothing given is read as shell', async () => {
  const nasty = ['$(id)', '`id`', '; id', '--', '-c', "'", '"', '*', '~', '\\', '\n', ''];
  expect(await outputOf(program('/bin/echo', nasty, { argv0: '$(id)' }))).toBe(`${nasty.join(' ')}\n`);
});

describe('without bash', () => {
  /** Start it as a child that inherits no descriptor from 3 up but the one that `more` opens. */
  function launchedBySh(what: ReturnType<typeof program>, more = 'true'): string {
    const { file, args, environment } = launch(what, { modes: new Map() }, sh);
    const bare = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; [ $fd -le 2 ] || exec {fd}>&-; done; unset fd; ${more}`;
    const pairs = Object.entries(environment).map(pair => pair.join('='));
    const wrapped = ['-c', `${bare}; exec /usr/bin/env -i "$@" 2>&1`, 'bash', ...pairs, file, ...args];
    return spawnSync('/bin/bash', wrapped).stdout.toString();
  }

  test('a login shell gets -l', () => {
    const shell = program('/bin/bash', ['-c', 'shopt -q login_shell && echo login'], {
      argv0: '-bash',
      environment: { HOME: '/nonexistent' },
    });
    expect(launchedBySh(shell)).toBe('\0login\n');
  });

  test('descriptors of one digit are closed; one of two digits keeps the program from starting', () => {
    expect(launchedBySh(listDescriptors, 'exec 4</dev/null 9</dev/null')).toBe('\0done\n');
    expect(launchedBySh(listDescriptors, 'exec 12</dev/null')).toMatch(/^launcher: .* 12 would be inherited\n$/);
  });

  test('the environment is exact, too', () => {
    const environment = { A: '1', fd: '2', LC_ALL: 'xx', PWD: '/elsewhere' };
    const told = launchedBySh(program('/usr/bin/env', ['-0'], { environment }));
    expect(told.split('\0').filter(Boolean).sort()).toEqual(['A=1', 'LC_ALL=xx', 'PWD=/elsewhere', 'fd=2']);
  });
});

test('what cannot be executed is told of by the shell that tried', async () => {
  expect(await outputOf(script('exec /etc/passwd'))).toMatch(/Permission denied/);
});
