/** The addon of native/ for tests, compiled for them where there is a compiler. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadNativePrograms, type NativePrograms } from '../../transport/process/native-programs.ts';
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../../transport/contracts.ts';
import { startNativelyOnTerminal, startNativelyOnTerminalAside } from '../../transport/process/native-pty.ts';
import { startNatively, startNativelyAside } from '../../transport/process/native-start.ts';
import { startPipes, startPipesAside } from '../../transport/process/pipes.ts';
import { attach } from '../../transport/process/process-transport.ts';
import type { Program } from '../../transport/process/program.ts';
import { startPty, startPtyAside } from '../../transport/process/pty.ts';
import type { ProgramRunner } from '../../transport/process/runner.ts';
import type { StartOnTerminalAside, Terminal } from '../../transport/process/started-on-terminal.ts';
import type { Needed } from '../interop/missing.ts';

const source = fileURLToPath(new URL('../../native/', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/nacre/', import.meta.url));

export const compiler: Needed = {
  name: 'cc',
  remedy: 'apt-get install gcc libc6-dev',
  isInstalled: () => existsSync('/usr/bin/cc'),
};

let built: { readonly file: string; readonly library: NativePrograms } | undefined;

/** The addon as it is now, and where; kept where tools keep what they can make again. */
export const builtNativePrograms = (): NonNullable<typeof built> => (built ??= compile());
export const buildNativePrograms = (): NativePrograms => builtNativePrograms().library;

function compile(): NonNullable<typeof built> {
  const file = `${cache}programs.node`;
  const sources = readdirSync(source, { withFileTypes: true }).filter(entry => entry.isFile());
  if (modified(file) < Math.max(...sources.map(({ name }) => modified(source + name)))) {
    const mine = `${cache}programs.${process.pid}.node`; // another worker may be at it, too
    execFileSync(process.execPath, [`${source}build.js`, mine], { stdio: 'pipe' });
    renameSync(mine, file);
  }
  const library = loadNativePrograms(file);
  if (!library) throw new Error(`${file} was built and cannot be loaded`);
  return { file, library };
}

const modified = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** `spawnPipes`, always by the addon. */
export const spawnNatively =
  (library: () => NativePrograms) =>
  (program: Program, protocol: IProcessProtocol, limits?: QueueLimits): IProcessTransport =>
    attach(
      startPipes(program, limits, what => startNatively(what, library())),
      protocol,
    );

/** `spawnPty`, always by the addon. */
export const spawnPtyNatively =
  (library: () => NativePrograms) =>
  (program: Program, terminal: Terminal, protocol: IProcessProtocol, limits?: QueueLimits): IProcessTransport =>
    attach(
      startPty(program, terminal, limits, (what, where) => startNativelyOnTerminal(what, where, library())),
      protocol,
    );

/** `directPrograms`, always by the addon. */
export const nativeRunner = (library: () => NativePrograms): ProgramRunner => ({
  spawn: async (program, protocol, limits) =>
    attach(await startPipesAside(program, limits, what => startNativelyAside(what, library())), protocol),
  spawnPty: async (program, terminal, protocol, limits) => {
    const start: StartOnTerminalAside = (what, where) => startNativelyOnTerminalAside(what, where, library());
    return attach(await startPtyAside(program, terminal, limits, start), protocol);
  },
});
