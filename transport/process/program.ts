/**
 * What program to start, and the checks that can be made before starting it.
 *
 * Everything is an array or a map: no shell string exists, so no peer can smuggle a command into one. Nothing is
 * inherited: not the environment, not the working directory, and nothing is looked up in PATH.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { asError, SpawnError } from '../errors.ts';

export interface Program {
  /** Absolute path of the executable. */
  readonly file: string;
  /** Arguments behind `argv[0]`. */
  readonly args: readonly string[];
  /** What the program sees as `argv[0]`; a login shell's begins with `-`. @default `file` */
  readonly argv0?: string;
  /** The complete environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of the directory to start in. */
  readonly cwd: string;
  /**
   * Descriptors from 3 up that the program gets besides its standard three, each a two-way stream to us. On pipes only:
   * a program on a terminal gets none.
   */
  readonly descriptors?: readonly number[];
}

/** The highest descriptor that can be asked for: libuv makes room for every number below it. */
const HIGHEST_DESCRIPTOR = 255;

/**
 * Throws SpawnError for a program that cannot be started: not an absolute path, no such file, not executable, no such
 * directory, or a name or value that C strings cannot carry. A program that vanishes after this check still fails: on
 * pipes with a SpawnError, on a pty with the launcher's message and status 126 or 127.
 */
export function checkProgram(program: Program): void {
  checkStrings(program);
  checkDescriptors(program);
  checkPath(program.file, 'the program', path => {
    if (!statSync(path).isFile()) throw new Error('it is not a file');
    accessSync(path, constants.X_OK);
  });
  checkPath(program.cwd, 'the working directory', path => {
    if (!statSync(path).isDirectory()) throw new Error('it is not a directory');
    accessSync(path, constants.X_OK);
  });
}

function checkStrings({ file, args, argv0 = '', environment, cwd }: Program): void {
  const texts = [file, ...args, argv0, cwd, ...Object.keys(environment), ...Object.values(environment)];
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

function checkPath(path: string, what: string, check: (path: string) => void): void {
  if (!isAbsolute(path)) throw new SpawnError(`${what} must be an absolute path, got "${path}"`);
  try {
    check(path);
  } catch (error) {
    throw new SpawnError(`${what} cannot be used: ${asError(error).message}`, { cause: error });
  }
}
