/**
 * The launcher's scripts, one pair for bash and one for other shells. Constants: nothing is ever put into them.
 *
 * Arguments of the last script: `plain` or `raw`, the identity that must have been reached, umask, directory, terminal
 * modes in one word, a name for the terminal's path, variables, `--`, then the command. Empty means none. `raw`: all
 * are escaped for printf(1). Facts: bash(1) 5.2, dash(1), POSIX XCU.
 */
import type { Program } from './program.ts';

export interface Shell {
  readonly file: string;
  /**
   * Up to the script. -p: no BASH_ENV, no functions from the environment; --norc: no ~/.bashrc, which bash takes to be
   * wanted where its input is a socket, as Node's pipes are.
   */
  readonly options: readonly string[];
  /** For what has to run before the last script: close descriptors, give the terminal to `$1`, run the rest. */
  readonly closeAndSwitch: string;
  /** The last script. */
  readonly run: string;
  /** The same, closing descriptors first. */
  readonly closeAndRun: string;
  /** How a login shell learns that it is one. */
  readonly argumentsOf: (program: Program) => readonly string[];
}

/** Root's part. The terminal is reached by its open descriptor, never by its path. */
const handOver = `
if [ -n "$1" ]; then
  command -p chown "$1" /proc/self/fd/0 && command -p chmod 0620 /proc/self/fd/0 || exit 126
fi
shift
`;

/**
 * The program's user's part. Who it has become is read from the kernel, and nothing runs if it is anybody else. Exports
 * come last, and from then on there are no variables of the script's own.
 */
const prepare = `
if [ "$1" = raw ]; then
  count=$#
  while [ "$count" -gt 0 ]; do
    word=$(printf '%b.' "$1")
    shift
    set -- "$@" "\${word%.}"
    count=$((count - 1))
  done
  unset count word
fi
identity() {
  while read -r name rest; do
    case $name in Uid:|Gid:|Groups:) set -- $rest; echo "$name\${1+ }$*" ;; esac
  done </proc/self/status
}
if [ -n "$2" ] && [ "$(identity)" != "$2" ]; then
  echo 'launcher: the change of user was not exact, so nothing is run' >&2
  exit 126
fi
unset -f identity
[ -z "$3" ] || umask "$3"
if [ -n "$5" ]; then
  command -p stty $5 2>/dev/null
  printf '\\0'
fi
if [ -n "$4" ] && ! cd "$4" 2>/dev/null; then
  echo "Could not change to directory $4: starting in $PWD" >&2
fi
unset PWD OLDPWD
{
  shift 5
  [ -z "$1" ] || export "$1=$(command -p tty)"
  while shift; [ "$1" != -- ]; do
    case $1 in
      *=*) export "$1" ;;
      *) eval "export \\"\\$$1\\""; unset "$1" ;;
    esac
  done
} 2>/dev/null
shift
`;

const closeInBash = `close_inherited() {
  local fd
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    [ "$fd" -le 2 ] || exec {fd}>&-
  done
}
close_inherited
`;

/** It would rather start nothing than leak a descriptor of two digits, which it cannot close. */
const closeInSh = `close_inherited() {
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
`;

const runInBash = `unset SHLVL
declare -a SHLVL
${prepare}
exec -a "$1" -- "\${@:2}"`;

const runInSh = `${prepare}
exec "$@"`;

export const bash: Shell = {
  file: '/bin/bash',
  options: ['--norc', '-p'],
  closeAndSwitch: `${closeInBash}${handOver}exec -- "$@"`,
  run: runInBash,
  closeAndRun: `${closeInBash}${runInBash}`,
  argumentsOf: ({ file, args, argv0 = file }) => [argv0, file, ...args],
};

/** Where there is no bash: sh has no `exec -a`, so a login shell gets `-l` and every program its file's name. */
export const sh: Shell = {
  file: '/bin/sh',
  options: [],
  closeAndSwitch: `${closeInSh}${handOver}exec "$@"`,
  run: runInSh,
  closeAndRun: `${closeInSh}${runInSh}`,
  argumentsOf: ({ file, args, argv0 = file }) => (argv0.startsWith('-') ? [file, '-l', ...args] : [file, ...args]),
};
