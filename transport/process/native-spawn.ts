/**
 * The addon's calls that start a program: text becomes bytes, an errno becomes a SpawnError.
 *
 * Arguments and values are bytes there, so none needs the launcher; another user, a umask and a prefix do.
 */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { ExitStatus } from '../close-reason.ts';
import { SpawnError } from '../errors.ts';
import { bytesOfText } from './byte-text.ts';
import { hasNativePrograms, nativePrograms, type NativePrograms } from './native-programs.ts';
import { lookOf, otherKind, UnusablePlaceError, type Place } from './places.ts';
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

/** A program that is being started: its process id comes when it runs. Where that rejects, the ends are still open. */
export type Starting = Omit<Spawned, 'pid'> & { readonly pid: Promise<number> };

/** How it is started while others go on. */
export interface Aside {
  /** All of them have to be usable. */
  readonly places: readonly Place[];
  /** Once nobody waits for it any more, it is not started, and `pid` rejects. */
  readonly late: AbortSignal;
}

/** Start `command` on pipes, or on the terminal whose slave is given. Throws SpawnError. */
export function spawnByAddon(library: NativePrograms, command: Command, slave = -1): Spawned {
  const call = new Call(command, slave);
  const error = library.spawn(...call.given);
  if (error !== 0) throw failure(command, error);
  return { pid: call.result[0] ?? 0, ends: call.ends, onExit: call.onExit };
}

/**
 * The same while the event loop goes on; the slave stays open. Throws SpawnError, as what it answers may do later.
 */
export function startByAddon(library: NativePrograms, command: Command, { places, late }: Aside, slave = -1): Starting {
  const call = new Call(command, slave, places);
  let tell: (error: number, pidOrLook: number) => void = () => undefined;
  const pid = new Promise<number>((resolve, reject) => {
    tell = (error, pidOrLook) =>
      error === 0 ? resolve(pidOrLook) : reject(failedLook(places[pidOrLook], error) ?? failure(command, error));
  });
  const error = library.start(...call.given, tell);
  if (error !== 0) throw failure(command, error);
  const [number = 0] = call.result;
  late.addEventListener('abort', () => void library.abandon(number), { once: true });
  return { pid, ends: call.ends, onExit: call.onExit };
}

function failedLook(place: Place | undefined, error: number): SpawnError | undefined {
  if (!place) return undefined;
  if (error === constants.errno.EINVAL) return otherKind(place);
  return new UnusablePlaceError(place, `${place.path}: ${errorText(error)}`);
}

/** What both take, and what comes of it. */
class Call implements Omit<Spawned, 'pid'> {
  readonly result = new Int32Array(4);
  readonly given: Parameters<NativePrograms['spawn']>;
  #tell: (status: ExitStatus) => void = () => undefined;

  constructor({ file, args, argv0 = file, environment, cwd }: Command, slave: number, places: readonly Place[] = []) {
    this.given = [
      strings([file, cwd, ...places.map(lookOf)]),
      ...([strings([argv0, ...args]), strings(pairs(environment)), slave, this.result] as const),
      (code, signal, coreDumped) => this.#tell(exitStatus(code, signal, coreDumped)),
    ];
  }

  get ends(): Spawned['ends'] {
    const [, stdin = -1, stdout = -1, stderr = -1] = this.result;
    return [stdin, stdout, stderr];
  }

  readonly onExit: Spawned['onExit'] = listener => void (this.#tell = listener);
}

const failure = ({ file }: Command, error: number): SpawnError =>
  new SpawnError(`cannot start ${file}: ${errorText(error)}`);

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
