/**
 * Programs on pipes by our own addon: no page tables are copied, and nothing is inherited but the three pipes.
 *
 * The ends of the pipes are Node's own sockets over real pipes.
 */
import { Socket } from 'node:net';
import { launch, needsLauncher } from './launcher.ts';
import { NativeOutput } from './native-output.ts';
import { nativePrograms } from './native-programs.ts';
import { neededLibrary, spawnByAddon } from './native-spawn.ts';
import type { Program } from './program.ts';
import type { StartedOnPipes } from './started-on-pipes.ts';

/** As StartOnPipes, for a program that `startsNatively`. The launcher gives its program the `argv[0]` that is wanted. */
export function startNatively(program: Program, library = nativePrograms()): StartedOnPipes {
  const command = needsLauncher(program) ? launch(program) : program;
  const { pid, ends, onExit } = spawnByAddon(neededLibrary(program, library), command);
  const [stdin, stdout, stderr] = ends;
  return {
    pid,
    stdin: new Socket({ fd: stdin, readable: false, writable: true }),
    stdout: new NativeOutput(stdout),
    stderr: new NativeOutput(stderr),
    sockets: new Map(),
    onExit,
  };
}
