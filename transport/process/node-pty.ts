/**
 * Terminals by the node-pty library, and the one file that knows it: a typed face over its native part.
 *
 * Only the native calls `fork` and `resize` are used. The library's own JavaScript loses output at exit, writes to
 * descriptors that have been given away, and spins on a full terminal: test/transport/process/pty.test.ts shows each.
 * Modes, `argv[0]` and the terminal's path need the launcher, which also closes what the library leaves open.
 * Facts: node-pty 1.2.0-beta.15 src/unix/pty.cc.
 */
import { createRequire } from 'node:module';
import type { ExitStatus } from '../close-reason.ts';
import { asError, IncompatibleLibraryError, SpawnError } from '../errors.ts';
import { launch } from './launcher.ts';
import { lookPatiently } from './patient-start.ts';
import type { Program } from './program.ts';
import { clamped, PtyMaster } from './pty-master.ts';
import { exitStatus } from './signals.ts';
import type { StartedOnTerminal, Terminal } from './started-on-terminal.ts';

/** The version whose native calls are written down here. */
const VERSION = '1.2.0-beta.15';

/** As StartOnTerminalAside: files are looked at first. */
export async function startWithNodePtyAside(program: Program, terminal: Terminal): Promise<StartedOnTerminal> {
  await lookPatiently(program);
  return startWithNodePty(program, terminal);
}

/** As StartOnTerminal. */
export function startWithNodePty(program: Program, { size, modes, ttyVariable }: Terminal): StartedOnTerminal {
  const { file, args, environment, cwd } = launch(program, {
    modes,
    ...(ttyVariable === undefined ? {} : { ttyVariable }),
  });
  const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const { columns, rows } = clamped(size);
  const keepIds = -1;
  let tell: (status: ExitStatus) => void = () => undefined;
  const exited = (code: number, signal: number): void => tell(exitStatus(code, signal));
  try {
    const { fork, resize } = library();
    const { fd, pid, pty } = fork(file, [...args], pairs, cwd, columns, rows, keepIds, keepIds, true, '', exited);
    const master = new PtyMaster({
      ...{ fd, slavePath: pty, isInheritable: true },
      resize: (fd, { columns, rows, widthPixels, heightPixels }) =>
        resize(fd, columns, rows, widthPixels, heightPixels),
    });
    // The library forks with 0 pixels: a program that is quicker than this hears of them by SIGWINCH.
    if (size.widthPixels > 0 || size.heightPixels > 0) master.resize(size);
    return { pid, master, isLaunched: true, onExit: listener => (tell = listener) };
  } catch (error) {
    if (error instanceof IncompatibleLibraryError) throw error;
    throw new SpawnError(`cannot start ${file} on a pty: ${asError(error).message}`, { cause: error });
  }
}

interface NativePty {
  readonly fd: number;
  readonly pid: number;
  readonly pty: string;
}

interface NativeLibrary {
  fork(
    this: void,
    file: string,
    args: string[],
    environment: string[],
    cwd: string,
    columns: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helperPath: string,
    onExit: (code: number, signal: number) => void,
  ): NativePty;
  resize(this: void, fd: number, columns: number, rows: number, widthPixels: number, heightPixels: number): void;
}

/** Load the library before the first pty needs it. That it cannot be loaded is told by the first pty. */
export function loadPtyLibrary(): void {
  try {
    library();
  } catch {
    // IncompatibleLibraryError: again at the first pty
  }
}

let loaded: NativeLibrary | undefined;
/** Loaded at the first pty, so that a server without ptys runs where the library has no binary. */
const library = (): NativeLibrary => (loaded ??= load());

/** Throws IncompatibleLibraryError if the library is another one than this file was written for, or cannot load. */
function load(): NativeLibrary {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require('node-pty/package.json') as { version: string };
    if (version !== VERSION) throw new Error(`version ${VERSION} is needed, ${version} is installed`);
    const { loadNativeModule } = require('node-pty/lib/utils.js') as {
      loadNativeModule: (name: string) => { module: Partial<NativeLibrary> };
    };
    const { fork, resize } = loadNativeModule('pty').module;
    if (typeof fork !== 'function' || typeof resize !== 'function') throw new Error('its native calls have changed');
    return { fork, resize };
  } catch (error) {
    throw new IncompatibleLibraryError(`node-pty: ${asError(error).message}`, { cause: error });
  }
}
