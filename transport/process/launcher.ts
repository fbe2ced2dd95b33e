/**
 * What a fork cannot do, done by a shell between the fork and the program: another user, terminal modes, `argv[0]`, the
 * file mode mask, bytes that are not text, and on terminals no descriptor but 0, 1 and 2.
 *
 * The scripts are constants and everything else is a positional argument, so nothing can be read as shell. The program
 * gets its environment exactly, except for what a shell keeps for itself (`shellOwned`). The launcher says nothing of
 * its own, except that a program cannot be executed (status 126 or 127) or its directory not be entered.
 *
 * Facts: bash(1) 5.2. Variables travel under names that mean nothing to anybody, so that neither the dynamic linker nor
 * a shell obeys one while it is still root's, and bash does not complain of locales. SHLVL is an array because `exec`
 * counts it down and exports it, and arrays cannot be exported. node-pty's child closes what it inherits only up to the
 * first gap (pty_close_inherited_fds in pty.cc, built without close_range), so a terminal behind the gap would leak.
 */
import { existsSync } from 'node:fs';
import { hasRawBytes, printfEscaped } from './byte-text.ts';
import { identityText, switchTo } from './identity.ts';
import type { Program } from './program.ts';
import { bash, sh, type Shell } from './launcher-scripts.ts';
import { sttyArguments, type TerminalModes } from './terminal-modes.ts';

/** What to fork instead of the program. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** The terminal that the program has. */
export interface LaunchTerminal {
  readonly modes: TerminalModes;
  /** Name of a variable for the terminal's path, which nobody knows before the fork. @default none */
  readonly ttyVariable?: string;
}

/**
 * What the launcher prints when the terminal has its modes: one byte, before anything of the program's. Until then,
 * input would be echoed and edited by modes that are not the client's.
 */
export const READY = 0;

/** Variables that shells compute and do not let anybody set. They are left out. */
const shellOwned =
  /^(SHLVL|SHELLOPTS|BASHOPTS|UID|EUID|PPID|GROUPS|RANDOM|SRANDOM|LINENO|SECONDS|HISTCMD|DIRSTACK|EPOCH.*|BASHPID|BASH_(VERSINFO|ARGV0|ARGC|ARGV|LINENO|SOURCE|COMMAND|SUBSHELL|ALIASES|CMDS))$/;

/** What a shell can export. Other names mean nothing to it, so they can go as they are. */
const exportable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether `program` can be started on pipes only through the launcher, by whom any bytes can be passed on. */
export const needsLauncher = ({ identity, umask, prefix, missedCwd }: Program): boolean =>
  [identity, umask, prefix, missedCwd].some(each => each !== undefined);

/** The same for Node's own spawn, which passes on nothing but text. */
export const needsLauncherForNode = (program: Program): boolean =>
  needsLauncher(program) ||
  [...program.args, program.argv0 ?? '', ...Object.values(program.environment)].some(hasRawBytes);

/** How to start `program`, on a terminal or on pipes. Throws SpawnError if the machine cannot change users. */
export function launch(program: Program, terminal?: LaunchTerminal, shell: Shell = availableShell()): Launch {
  const { identity, umask, prefix: { beforeSwitch = [] } = {} } = program;
  const before = [...beforeSwitch, ...(identity ? switchTo(identity) : [])];
  const { words, environment } = variables(program.environment);
  const settings = [
    identity ? identityText(identity) : '',
    umask === undefined ? '' : umask.toString(8),
    before.length > 0 ? program.cwd : (program.missedCwd ?? ''),
    terminal ? sttyArguments(terminal.modes).join(' ') : '',
    terminal?.ttyVariable ?? '',
  ];
  const positional = escaped([...settings, ...words, '--', ...shell.argumentsOf(behindPrefix(program))]);
  const closesFirst = terminal && before.length > 0;
  const closes = !closesFirst && (terminal !== undefined || canClose(program, shell));
  const last = [shell.file, ...shell.options, '-c', closes ? shell.closeAndRun : shell.run];
  const owner = identity ? `${identity.uid}:tty` : '';
  const first = closesFirst ? [shell.file, ...shell.options, '-c', shell.closeAndSwitch, 'launcher', owner] : [];
  const [file = '', ...args] = [...first, ...before, ...last, 'launcher', ...positional];
  return { file, args, environment, cwd: before.length > 0 ? '/' : program.cwd };
}

/** On pipes there is at most /dev/null behind the standard three (master-masks.ts), which sh need not refuse. */
const canClose = ({ descriptors = [] }: Program, shell: Shell): boolean => shell === bash && descriptors.length === 0;

/** The program with the commands that its own user runs before it. */
function behindPrefix(program: Program): Program {
  const [file, ...args] = program.prefix?.afterSwitch ?? [];
  if (file === undefined) return program;
  const login = program.argv0?.startsWith('-') === true ? ['-l'] : [];
  const { argv0: _unseen, ...rest } = program;
  return { ...rest, file, args: [...args, program.file, ...login, ...program.args] };
}

/** One word of how to read the others, then the words. */
function escaped(words: readonly string[]): readonly string[] {
  return words.some(hasRawBytes) ? ['raw', ...words.map(printfEscaped)] : ['plain', ...words];
}

/**
 * Words that name the variables to export: `NAME=value` if the value is not text; else the name of a carrier, a variable
 * in `environment` that holds it, so that no list of processes shows it.
 */
function variables(environment: Program['environment']): {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(environment).filter(([name]) => !shellOwned.test(name));
  const carrier = carrierPrefix(entries.map(([name]) => name));
  const words: string[] = [];
  const carried: Array<[string, string]> = [];
  for (const [name, value] of entries) {
    const pair = `${name}=${value}`;
    if (!exportable.test(name)) carried.push([name, value]);
    else if (hasRawBytes(value)) words.push(pair);
    else {
      carried.push([`${carrier}${words.length}`, pair]);
      words.push(`${carrier}${words.length}`);
    }
  }
  return { words, environment: Object.fromEntries(carried) };
}

function carrierPrefix(names: readonly string[], prefix = 'V_'): string {
  return names.some(name => name.startsWith(prefix)) ? carrierPrefix(names, `${prefix}_`) : prefix;
}

const availableShell = (): Shell => (existsSync(bash.file) ? bash : sh);
