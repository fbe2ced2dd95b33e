/**
 * Terminals by our own addon, in this process: closed on exec from the moment they exist, with their size and modes before
 * the program starts, so that neither a mask nor a launcher is needed for them.
 *
 * Who runs as another user, with a umask or through a prefix still comes through the launcher, which then does all that
 * it does on node-pty's terminals, too.
 */
import type { TerminalSize } from '../contracts.ts';
import { SpawnError } from '../errors.ts';
import { launch, needsLauncher } from './launcher.ts';
import { Leader } from './leader.ts';
import { nativePrograms, type NativePrograms } from './native-programs.ts';
import { errorText, neededLibrary, spawnByAddon, startByAddon, type Command } from './native-spawn.ts';
import { addonThreads, startPatiently } from './patient-start.ts';
import { placesOf, type Program } from './program.ts';
import { clamped, PtyMaster } from './pty-master.ts';
import type { StartedOnTerminal, Terminal } from './started-on-terminal.ts';

/** As StartOnTerminal, for a program that `startsNatively`. */
export function startNativelyOnTerminal(
  program: Program,
  terminal: Terminal,
  available = nativePrograms(),
): StartedOnTerminal {
  const { library, command, slave, master } = prepared(program, terminal, available);
  try {
    const { pid, onExit } = spawnByAddon(library, command, slave);
    return { pid, master, isLaunched: needsLauncher(program), onExit };
  } catch (error) {
    master.close();
    throw error;
  }
}

/** As StartOnTerminalAside. */
export const startNativelyOnTerminalAside = (
  program: Program,
  terminal: Terminal,
  available = nativePrograms(),
  patience = addonThreads,
): Promise<StartedOnTerminal> =>
  startPatiently(program, patience, late => startNow(program, terminal, available, late), giveUp);

async function startNow(
  program: Program,
  terminal: Terminal,
  available: NativePrograms | undefined,
  late: AbortSignal,
): Promise<StartedOnTerminal> {
  const { library, command, slave, master } = prepared(program, terminal, available);
  try {
    const { pid, onExit } = startByAddon(library, command, { places: placesOf(program), late }, slave);
    return { pid: await pid, master, isLaunched: needsLauncher(program), onExit };
  } catch (error) {
    master.close();
    throw error;
  }
}

function giveUp({ pid, master }: StartedOnTerminal): void {
  new Leader(pid).signal('KILL');
  master.close();
}

interface Prepared {
  readonly library: NativePrograms;
  readonly command: Command;
  /** Open as long as the master is. */
  readonly slave: number;
  readonly master: PtyMaster;
}

function prepared(program: Program, terminal: Terminal, available: NativePrograms | undefined): Prepared {
  const library = neededLibrary(program, available);
  const { fd, slave, slavePath } = openTerminal(library, program, terminal);
  const master = new PtyMaster({
    ...{ fd, slave, slavePath, isInheritable: false, addon: library },
    resize: (fd, size) => void library.resizeTerminal(fd, numbersOf(size)),
  });
  return { library, command: commandOn(program, terminal, slavePath), slave, master };
}

interface OpenTerminal {
  readonly fd: number;
  readonly slave: number;
  readonly slavePath: string;
}

function openTerminal(library: NativePrograms, { file }: Program, { size, modes }: Terminal): OpenTerminal {
  const result = new Int32Array(3);
  const settings = Int32Array.of(...numbersOf(clamped(size)), ...[...modes].flat());
  const error = library.openTerminal(settings, result);
  if (error !== 0) throw new SpawnError(`cannot start ${file} on a terminal: ${errorText(error)}`);
  const [fd = -1, slave = -1, number = -1] = result;
  return { fd, slave, slavePath: `/dev/pts/${number}` };
}

function commandOn(program: Program, { modes, ttyVariable }: Terminal, path: string): Command {
  const variable = ttyVariable === undefined ? {} : { ttyVariable };
  if (needsLauncher(program)) return launch(program, { modes, ...variable });
  if (ttyVariable === undefined) return program;
  return { ...program, environment: { ...program.environment, [ttyVariable]: path } };
}

const numbersOf = ({ columns, rows, widthPixels, heightPixels }: TerminalSize): Int32Array =>
  Int32Array.of(columns, rows, widthPixels, heightPixels);
