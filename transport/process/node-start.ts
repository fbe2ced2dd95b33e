/**
 * Programs on pipes by Node's own spawn: everywhere, and with descriptors from 3 up.
 *
 * Its child gets what is inheritable, so terminals of other sessions are masked (master-masks.ts). Its fork copies the page
 * tables of this process (libuv 1.46 src/unix/process.c).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import { asError, SpawnError } from '../errors.ts';
import { Input } from './input.ts';
import { launch, needsLauncherForNode } from './launcher.ts';
import { StreamOutput } from './output.ts';
import type { Program } from './program.ts';
import { lookPatiently } from './patient-start.ts';
import { withMastersMasked } from './master-masks.ts';
import { exitStatus } from './signals.ts';
import type { StartedOnPipes } from './started-on-pipes.ts';

/** As StartOnPipesAside: files are looked at first. One that stops to answer between that and the start stops us, too. */
export async function startWithNodeAside(program: Program): Promise<StartedOnPipes> {
  await lookPatiently(program);
  return startWithNode(program);
}

/** As StartOnPipes. */
export function startWithNode(program: Program): StartedOnPipes {
  const child = trySpawn(program);
  const { pid, stdin, stdout, stderr } = child;
  child.on('error', () => undefined); // comes after a failed start, which the missing pid has told already
  if (pid === undefined || !stdin || !stdout || !stderr) {
    throw new SpawnError(`the system refused to start ${program.file}: no more processes, descriptors or memory`);
  }
  return {
    ...{ pid, stdin: new Input(stdin), sockets: socketsOf(child, program) },
    ...{ stdout: new StreamOutput(stdout), stderr: new StreamOutput(stderr) },
    onExit: listener =>
      child.on('exit', (code, signal) => listener(exitStatus(code, signal === null ? 0 : constants.signals[signal]))),
  };
}

function socketsOf({ stdio }: ChildProcess, { descriptors = [] }: Program): ReadonlyMap<number, Duplex> {
  const streams: readonly unknown[] = stdio;
  const isSocket = (stream: unknown): stream is Duplex => stream instanceof Duplex;
  const found = new Map<number, Duplex>();
  for (const fd of descriptors) {
    const stream = streams[fd];
    if (isSocket(stream)) found.set(fd, stream);
  }
  return found;
}

function trySpawn(program: Program): ChildProcess {
  const { descriptors = [] } = program;
  const {
    file,
    args,
    argv0 = file,
    environment,
    cwd,
  } = needsLauncherForNode(program) ? { argv0: undefined, ...launch(program) } : program;
  const wanted = new Set([0, 1, 2, ...descriptors]);
  const length = Math.max(...wanted) + 1;
  try {
    return withMastersMasked(
      Array.from({ length }, (_, fd) => (wanted.has(fd) ? 'pipe' : undefined)),
      stdio => spawn(file, args, { argv0, env: environment, cwd, stdio, detached: true }),
    );
  } catch (error) {
    throw new SpawnError(`cannot start ${file}: ${asError(error).message}`, { cause: error });
  }
}
