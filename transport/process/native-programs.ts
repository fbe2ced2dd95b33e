/**
 * The one file that knows the addon of native/: whether it is there, and what can be called in it.
 *
 * It is there where the install could build it (native/build.js), on Linux. A build that is missing, or that this
 * machine cannot load, is no error: programs are then started by Node's own spawn. `node --conditions=without-native`
 * leaves it alone: it finds a file that is none (package.json, "imports").
 */
import { createRequire } from 'node:module';

export interface NativePrograms {
  /**
   * Start a program that leads a session of its own. Answers errno, or 0 when it has become the program.
   *
   * `places` are its file and its directory, then what has to be there, by `lookOf`; these, `argv` and `environment`
   * (`NAME=value`) are bytes, each string with a NUL behind it. `slave` is a terminal that nobody has yet, which becomes
   * the session's and stays open here, or -1. `result` gets the process id, then, without a terminal, our ends of 0, 1
   * and 2, which are the caller's to close.
   * `exited` is called once, in a later turn, with a code or a signal's number, the other being 0.
   */
  readonly spawn: (
    this: void,
    places: Uint8Array,
    argv: Uint8Array,
    environment: Uint8Array,
    slave: number,
    result: Int32Array,
    exited: (code: number, signal: number, coreDumped: boolean) => void,
  ) => number;
  /**
   * As `spawn`, by a thread of the addon's. Answers errno, or 0 when the program will be started: `result` then has our
   * ends, and a number for `abandon` in place of the process id. `started` is called once, in a later turn, and before `exited`, which is not called if it did
   * not start: with 0 and the process id; or with an errno and which look has failed, counted from 0, or -1. A look that
   * finds something else than it should has EINVAL. The slave stays open until then.
   */
  readonly start: (
    ...given: [...Parameters<NativePrograms['spawn']>, started: (error: number, pidOrLook: number) => void]
  ) => number;
  /**
   * Start a program no more that `start` has numbered so, if its file is not being opened already: `started` is then called
   * with ECANCELED. Answers errno, EINVAL for one that has ended or was refused.
   */
  readonly abandon: (this: void, number: number) => number;
  /**
   * Open a terminal. Answers errno. `settings` are columns, rows, width and height in pixels, each of 16 bits, then
   * opcodes of modes, each with its value. `result` gets the master, the slave, both the caller's to close, and N of
   * `/dev/pts/N`.
   */
  readonly openTerminal: (this: void, settings: Int32Array, result: Int32Array) => number;
  /** Give a terminal another size: columns, rows, width and height. Answers errno. */
  readonly resizeTerminal: (this: void, master: number, size: Int32Array) => number;
  /**
   * Read, and answer how many bytes came: none where there are none, or where it fails. `fd` is such that nothing waits
   * (O_NONBLOCK), as those of Node's sockets are.
   */
  readonly readNow: (this: void, fd: number, memory: Uint8Array) => number;
  /**
   * Write, and answer how many bytes were taken: fewer than all where there is no room, none where it fails. `fd` as in
   * `readNow`.
   */
  readonly writeNow: (this: void, fd: number, data: Uint8Array) => number;
  /** As `writeNow`, of all pieces in one call: no more than sixteen of them. */
  readonly writePiecesNow: (this: void, fd: number, pieces: readonly Uint8Array[]) => number;
  /** Make room for so many bytes in a pipe. Answers errno. */
  readonly growPipe: (this: void, fd: number, bytes: number) => number;
  /**
   * Let this thread run for so many nanoseconds at a time, and the sooner for it; 0 leaves it as it is. Answers what it has
   * then, 0 where the kernel does not say. What it starts later has what is usual.
   */
  readonly sliceOf: (this: void, nanoseconds: number) => number;
}

/** What the addon has, so that one of another version is not taken for this one's. */
const functions = [
  'spawn',
  'start',
  'abandon',
  'openTerminal',
  'resizeTerminal',
  'readNow',
  'writeNow',
  'writePiecesNow',
  'growPipe',
  'sliceOf',
] satisfies Array<keyof NativePrograms>;

/** The addon in `file`, or in the place where the build puts it; undefined if it cannot be used. */
export function loadNativePrograms(file = '#native-programs'): NativePrograms | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const found: unknown = createRequire(import.meta.url)(file);
    return isNativePrograms(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const isNativePrograms = (found: unknown): found is NativePrograms =>
  typeof found === 'object' &&
  found !== null &&
  functions.every(name => name in found && typeof Reflect.get(found, name) === 'function');

let loaded: { readonly library: NativePrograms | undefined } | undefined;

/** Looked for once, when the first program is started. */
export const nativePrograms = (): NativePrograms | undefined => (loaded ??= { library: loadNativePrograms() }).library;

/** Whether the addon is there and works, so that servers need no process host. */
export const hasNativePrograms = (): boolean => nativePrograms() !== undefined;
