/**
 * One call of the addon's `spawn`: text becomes bytes, an errno becomes a SpawnError.
 *
 * Arguments and values are bytes there, so none needs the launcher; another user, a umask and a prefix do.
 */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { ExitStatus } from '../close-reason.ts';
import { SpawnError } from '../errors.ts';
import { bytesOfText } from './byte-text.ts';
import { hasNativePrograms, nativePrograms, type NativePrograms } from './native-programs.ts';
import type { RunningProgram } from './running-program.ts';
import type { Program } from './program.ts';
import { exitStatus } from './signals.ts';

/** Whether `program` can be started by the addon, and it is there: what has descriptors from 3 up cannot. */
export const startsNatively = ({ descriptors = [] }: Program): boolean =>
  descriptors.length === 0 && hasNativePrograms();

/** The addon for what has to be started by it. Throws SpawnError where it is not built. */
export function neededLibrary({ file }: Pick<Program, 'file'>, library = nativePrograms()): NativePrograms {
  if (library) return library;
  throw new SpawnError(`cannot start ${file}: native/ is not built; run npm run build:native`);
}

export type Command = Pick<Program, 'file' | 'args' | 'argv0' | 'environment' | 'cwd'>;

export interface Spawned {
  readonly pid: number;
  /** Our ends of 0, 1 and 2, which are the caller's to close; none on a terminal. */
  readonly ends: readonly [stdin: number, stdout: number, stderr: number];
  readonly onExit: RunningProgram['onExit'];
}

/** Start `command` on pipes, or on the terminal whose slave is given. Throws SpawnError. */
export function spawnByAddon(library: NativePrograms, command: Command, slave = -1): Spawned {
  const { file, args, argv0 = file, environment, cwd } = command;
  const result = new Int32Array(4);
  let tell: (status: ExitStatus) => void = () => undefined;
  const error = library.spawn(
    ...([strings([file, cwd]), strings([argv0, ...args]), strings(pairs(environment)), slave, result] as const),
    (code, signal, coreDumped) => tell(exitStatus(code, signal, coreDumped)),
  );
  if (error !== 0) throw new SpawnError(`cannot start ${file}: ${errorText(error)}`);
  const [pid = 0, stdin = -1, stdout = -1, stderr = -1] = result;
  return { pid, ends: [stdin, stdout, stderr], onExit: listener => (tell = listener) };
}

const pairs = (environment: Program['environment']): readonly string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

/** Each with a NUL behind it; checkProgram has seen that none has one inside. */
const strings = (texts: readonly string[]): Buffer => bytesOfText(texts.map(text => `${text}\0`).join(''));

/** What the system calls an errno. */
export function errorText(errno: number): string {
  const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `error ${errno}`;
  const [, message = 'the system refused'] = getSystemErrorMap().get(-errno) ?? [];
  return `${message} (${name})`;
}
