/**
 * What node-pty's fork cannot do, done by a shell between the fork and the program: terminal modes, `argv[0]`, and no
 * descriptor but 0, 1 and 2.
 *
 * The scripts are constants and everything else is a positional argument, so nothing can be read as shell. The program
 * gets its environment exactly, except for what a shell keeps for itself (`shellOwned`), and the launcher says nothing
 * of its own, except that a program cannot be executed (status 126 or 127).
 *
 * Facts: bash(1) 5.2. bash tells of unknown locales when it starts and when they are set, so they are set late and with
 * errors closed. SHLVL is an array because `exec` counts it down and exports it, and arrays cannot be exported.
 * node-pty's child closes what it inherits only up to the first gap (pty_close_inherited_fds in pty.cc, built without
 * close_range), so a terminal behind the gap would leak into the next session.
 */
import { existsSync } from 'node:fs';
import type { Program } from './program.ts';
import { sttyArguments, type TerminalModes } from './terminal-modes.ts';

/** What to fork instead of the program. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Launcher {
  readonly file: string;
  /** Up to the script; -p: no BASH_ENV, no functions from the environment. */
  readonly options: readonly string[];
  /** Arguments: modes in one word, name for the terminal's path, variables, `--`, `argv[0]`, file, arguments. */
  readonly script: string;
  /** How a login shell learns that it is one. */
  readonly argumentsOf: (program: Program) => readonly string[];
}

/**
 * What the launcher prints when the terminal has its modes: one byte, before anything of the program's. Until then,
 * input would be echoed and edited by modes that are not the client's.
 */
export const READY = 0;

/** Modes, the sign, variables; the loop eats arguments up to `--`, which no variable can equal. */
const prepare = `{
  command -p stty $1
  printf '\\0'
  shift
  [ -z "$1" ] || export "$1=$(command -p tty)"
  while shift; [ "$1" != -- ]; do export "$1"; done
} 2>/dev/null
shift`;

const bash: Launcher = {
  file: '/bin/bash',
  options: ['-p'],
  script: `close_inherited() {
  local fd
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    [ "$fd" -le 2 ] || exec {fd}>&-
  done
}
close_inherited
unset PWD OLDPWD SHLVL
declare -a SHLVL
${prepare}
exec -a "$1" -- "\${@:2}"`,
  argumentsOf: ({ file, args, argv0 = file }) => [argv0, file, ...args],
};

/**
 * Where there is no bash: sh has no `exec -a`, so a login shell gets `-l` and every program its file's name. It cannot
 * close descriptors of two digits either, and would rather start nothing than leak one.
 */
export const sh: Launcher = {
  file: '/bin/sh',
  options: [],
  script: `close_inherited() {
  local fd
  for fd in /proc/self/fd/*; do
  case \${fd##*/} in
    [012]) ;;
    ?) eval "exec \${fd##*/}>&-" ;;
    *) echo "launcher: without bash, descriptor \${fd##*/} would be inherited" >&2; exit 126 ;;
  esac
  done
}
close_inherited
unset PWD OLDPWD
${prepare}
exec "$@"`,
  argumentsOf: ({ file, args, argv0 = file }) => (argv0.startsWith('-') ? [file, '-l', ...args] : [file, ...args]),
};

/** Variables that would make the launcher itself speak or behave differently; it sets them last. */
const late = /^(LANG|LANGUAGE|LC_[A-Z_]+|PWD|OLDPWD|IFS|PS4|POSIXLY_CORRECT|BASH_COMPAT|BASH_XTRACEFD)$/;

/** Variables that shells compute and do not let anybody set. They are left out. */
const shellOwned =
  /^(SHLVL|SHELLOPTS|BASHOPTS|UID|EUID|PPID|GROUPS|RANDOM|SRANDOM|LINENO|SECONDS|HISTCMD|DIRSTACK|EPOCH.*|BASHPID|BASH_(VERSINFO|ARGV0|ARGC|ARGV|LINENO|SOURCE|COMMAND|SUBSHELL|ALIASES|CMDS))$/;

/**
 * How to start `program` on a terminal with `modes`. `ttyVariable` names a variable for the terminal's path, which
 * nobody knows before the fork; empty for none.
 */
export function launch(program: Program, modes: TerminalModes, ttyVariable = '', launcher = available()): Launch {
  const variables = Object.entries(program.environment).filter(([name]) => !shellOwned.test(name));
  const exported = variables.filter(([name]) => late.test(name)).map(([name, value]) => `${name}=${value}`);
  const terminal = [sttyArguments(modes).join(' '), ttyVariable];
  const positional = [...terminal, ...exported, '--', ...launcher.argumentsOf(program)];
  return {
    file: launcher.file,
    args: [...launcher.options, '-c', launcher.script, 'launcher', ...positional],
    environment: Object.fromEntries(variables.filter(([name]) => !late.test(name))),
  };
}

const available = (): Launcher => (existsSync(bash.file) ? bash : sh);
