/**
 * The one file that knows the addon of native/programs.c: whether it is there, and what can be called in it.
 *
 * It is there for those who have built it (`npm run build:native`), on Linux. A build that is missing, or that this
 * machine cannot load, is no error: programs are then started by Node's own spawn. `node --conditions=without-native`
 * leaves it alone: it finds a file that is none (package.json, "imports").
 */
import { createRequire } from 'node:module';

export interface NativePrograms {
  /**
   * Start a program that leads a session of its own. Answers errno, or 0 when it has become the program.
   *
   * `places` are its file and its directory; these, `argv` and `environment` (`NAME=value`) are bytes, each string with
   * a NUL behind it. `result` gets the process id, then our ends of 0, 1 and 2, which are the caller's to close.
   * `exited` is called once, in a later turn, with a code or a signal's number, the other being 0.
   */
  readonly spawn: (
    this: void,
    places: Uint8Array,
    argv: Uint8Array,
    environment: Uint8Array,
    result: Int32Array,
    exited: (code: number, signal: number, coreDumped: boolean) => void,
  ) => number;
}

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
  typeof found === 'object' && found !== null && 'spawn' in found && typeof found.spawn === 'function';

let loaded: { readonly library: NativePrograms | undefined } | undefined;

/** Looked for once, when the first program is started. */
export const nativePrograms = (): NativePrograms | undefined => (loaded ??= { library: loadNativePrograms() }).library;
