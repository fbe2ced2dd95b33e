/**
 * Programs on pipes by our own addon: no page tables are copied, and nothing is inherited but the three pipes.
 *
 * The ends of the pipes are Node's own sockets over real pipes.
 */
import { launch, needsLauncher } from './launcher.ts';
import { NativeInput } from './native-input.ts';
import { NativeOutput } from './native-output.ts';
import { nativePrograms } from './native-programs.ts';
import { neededLibrary, spawnByAddon } from './native-spawn.ts';
import type { Program } from './program.ts';
import type { StartedOnPipes } from './started-on-pipes.ts';

/** As StartOnPipes, for a program that `startsNatively`. The launcher gives its program the `argv[0]` that is wanted. */
export function startNatively(program: Program, library = nativePrograms()): StartedOnPipes {
  const command = needsLauncher(program) ? launch(program) : program;
  const addon = neededLibrary(program, library);
  const { pid, ends, onExit } = spawnByAddon(addon, command);
  const [stdin, stdout, stderr] = ends;
  return {
    pid,
    stdin: new NativeInput(stdin, addon),
    stdout: new NativeOutput(stdout, addon),
    stderr: new NativeOutput(stderr, addon),
    sockets: new Map(),
    onExit,
  };
}
