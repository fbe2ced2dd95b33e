/**
 * Programs on pipes by our own addon: no page tables are copied, and nothing is inherited but the three pipes.
 *
 * The ends of the pipes are Node's own sockets over real pipes.
 */
import { launch, needsLauncher } from './launcher.ts';
import { Leader } from './leader.ts';
import { NativeInput } from './native-input.ts';
import { NativeOutput } from './native-output.ts';
import { nativePrograms, type NativePrograms } from './native-programs.ts';
import { neededLibrary, spawnByAddon, startByAddon, type Command, type Spawned } from './native-spawn.ts';
import { addonThreads, startPatiently } from './patient-start.ts';
import { placesOf, type Program } from './program.ts';
import type { StartedOnPipes } from './started-on-pipes.ts';

/** As StartOnPipes, for a program that `startsNatively`. The launcher gives its program the `argv[0]` that is wanted. */
export function startNatively(program: Program, library = nativePrograms()): StartedOnPipes {
  const addon = neededLibrary(program, library);
  const { ends, ...started } = spawnByAddon(addon, commandOf(program));
  return { ...started, ...pipesOf(addon, ends) };
}

/** As StartOnPipesAside. */
export const startNativelyAside = (
  program: Program,
  library = nativePrograms(),
  patience = addonThreads,
): Promise<StartedOnPipes> => startPatiently(program, patience, late => startNow(program, library, late), giveUp);

/** The pipes are made ready while another thread starts the program. */
async function startNow(
  program: Program,
  library: NativePrograms | undefined,
  late: AbortSignal,
): Promise<StartedOnPipes> {
  const addon = neededLibrary(program, library);
  const { pid, ends, onExit } = startByAddon(addon, commandOf(program), { places: placesOf(program), late });
  const pipes = pipesOf(addon, ends);
  try {
    return { pid: await pid, onExit, ...pipes };
  } catch (error) {
    close(pipes);
    throw error;
  }
}

function giveUp({ pid, ...pipes }: StartedOnPipes): void {
  new Leader(pid).signal('KILL');
  close(pipes);
}

function close({ stdin, stdout, stderr }: Pipes): void {
  stdin.close();
  for (const output of [stdout, stderr]) output.destroy();
}

const commandOf = (program: Program): Command => (needsLauncher(program) ? launch(program) : program);

/** Takes over `ends`. */
const pipesOf = (addon: NativePrograms, [stdin, stdout, stderr]: Spawned['ends']): Pipes => ({
  stdin: new NativeInput(stdin, addon),
  stdout: new NativeOutput(stdout, addon),
  stderr: new NativeOutput(stderr, addon),
  sockets: new Map(),
});

type Pipes = Omit<StartedOnPipes, 'pid' | 'onExit'>;
