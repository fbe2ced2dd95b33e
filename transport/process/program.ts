/**
 * What program to start, as whom, through what, and the checks that can be made before starting it.
 *
 * Everything is an array or a map: no shell string exists, so no peer can smuggle a command into one. Nothing is
 * inherited: not the environment, not the working directory, and nothing is looked up in PATH.
 */
import { SpawnError } from '../errors.ts';
import { checkIdentity, type Identity } from './identity.ts';
import { checkPath, lookAtNow, UnusablePlaceError, type Place } from './places.ts';

export interface Program {
  /** Absolute path of the executable. */
  readonly file: string;
  /** Arguments behind `argv[0]`. Bytes that are not UTF-8 are as `textOfBytes` gives them, also in values of variables. */
  readonly args: readonly string[];
  /** What the program sees as `argv[0]`; a login shell's begins with `-`. @default `file` */
  readonly argv0?: string;
  /** The complete environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of the directory to start in. With an `identity` that may not enter it, `/`, and standard error says so. */
  readonly cwd: string;
  /** Where to start if `cwd` cannot be used; standard error says so. @default nowhere: that is an error */
  readonly fallbackCwd?: string;
  /** A directory to change to before the program runs; where that fails, standard error says so. Set by `checkProgram`. */
  readonly missedCwd?: string;
  /** Whom to run as. Only root can. A terminal becomes this user's, group `tty`, mode 0620. @default whom this process runs as */
  readonly identity?: Identity;
  /** File mode creation mask. @default that of this process */
  readonly umask?: number;
  /** Commands to start it through, each ending where the next command's file stands: see prefixes.ts. @default none */
  readonly prefix?: ProgramPrefix;
  /**
   * Descriptors from 3 up that the program gets besides its standard three, each a two-way stream to us. On pipes only:
   * a program on a terminal gets none.
   */
  readonly descriptors?: readonly number[];
}

export interface ProgramPrefix {
  /** Run by this process's user, before the change to `identity`. */
  readonly beforeSwitch?: readonly string[];
  /** Run by the program's user. The program then gets its own `argv[0]` from what stands here; a login shell gets `-l`. */
  readonly afterSwitch?: readonly string[];
}

/** The highest descriptor that can be asked for: libuv makes room for every number below it. */
const HIGHEST_DESCRIPTOR = 255;

/**
 * Answers the program as it can be started: in its own directory, or in the other. Throws SpawnError if it cannot: not an
 * absolute path, no such file, not executable, no such directory, or a name or value that C strings cannot carry. A
 * program that vanishes after this check still fails: on pipes with a SpawnError, on a pty with the launcher's message
 * and status 126 or 127.
 */
export function checkProgram(program: Program): Program {
  checkForm(program);
  try {
    lookAtNow(placesOf(program));
    return program;
  } catch (error) {
    return checkProgram(elsewhere(program, error));
  }
}

/** The same for who looks at the places later, when that keeps nobody waiting, and starts it: `start`. */
export async function startChecked<Started>(
  program: Program,
  start: (program: Program) => Started | Promise<Started>,
): Promise<Started> {
  checkForm(program);
  try {
    return await start(program);
  } catch (error) {
    return startChecked(elsewhere(program, error), start);
  }
}

/** In the other directory, if there is one and it is needed; throws `error` otherwise. */
function elsewhere({ fallbackCwd, ...program }: Program, error: unknown): Program {
  const isNeeded = error instanceof UnusablePlaceError && error.what === 'the working directory';
  if (!isNeeded || fallbackCwd === undefined) throw error;
  return { ...program, cwd: fallbackCwd, missedCwd: program.cwd };
}

/** What can be seen without looking at files. */
function checkForm(program: Program): void {
  checkStrings(program);
  checkDescriptors(program);
  checkUmask(program);
  if (program.identity) checkIdentity(program.identity);
  for (const place of placesOf(program)) checkPath(place);
}

/**
 * Which files and directories must be there. A prefix may lead to another root directory, where nobody can look; the
 * directory is entered behind what changes the root or the user.
 */
export function placesOf({ file, cwd, identity, prefix }: Program): readonly Place[] {
  const { beforeSwitch = [], afterSwitch = [] } = prefix ?? {};
  const commands = [beforeSwitch[0], afterSwitch[0]].filter(path => path !== undefined);
  const run: readonly Place[] = prefix
    ? commands.map(path => ({ path, what: 'a prefix' }))
    : [{ path: file, what: 'the program' }];
  const isEnteredLater = identity !== undefined || beforeSwitch.length > 0;
  return isEnteredLater ? run : [...run, { path: cwd, what: 'the working directory' }];
}

function checkStrings(program: Program): void {
  const { file, args, argv0 = '', environment, cwd, fallbackCwd = '', missedCwd = '', prefix = {} } = program;
  const { beforeSwitch = [], afterSwitch = [] } = prefix;
  const texts = [
    file,
    ...args,
    argv0,
    cwd,
    fallbackCwd,
    missedCwd,
    ...beforeSwitch,
    ...afterSwitch,
    ...Object.keys(environment),
    ...Object.values(environment),
  ];
  if (texts.some(text => text.includes('\0'))) {
    throw new SpawnError(`cannot start ${file}: a NUL would cut a path, argument or variable short`);
  }
  const name = Object.keys(environment).find(name => name === '' || name.includes('='));
  if (name !== undefined) throw new SpawnError(`cannot start ${file}: "${name}" cannot be the name of a variable`);
}

function checkDescriptors({ file, descriptors = [] }: Program): void {
  const wrong = descriptors.find(fd => !Number.isInteger(fd) || fd < 3 || fd > HIGHEST_DESCRIPTOR);
  if (wrong === undefined) return;
  throw new SpawnError(`cannot start ${file}: descriptors are numbers from 3 to ${HIGHEST_DESCRIPTOR}, got ${wrong}`);
}

function checkUmask({ file, umask = 0 }: Program): void {
  if (Number.isInteger(umask) && umask >= 0 && umask <= 0o777) return;
  throw new SpawnError(`cannot start ${file}: a umask is a number from 0 to 0o777, got ${umask}`);
}
