/**
 * Starts the process of a prompt's session, with an empty environment, no standard streams and limits for its memory.
 *
 * Source: Node 20 documentation, "child_process"; setrlimit(2).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { asError, SpawnError } from '../../transport/errors.ts';
import { withMastersMasked } from '../../transport/process/master-masks.ts';

/** Mebibytes for buffers, code and stacks. Node itself takes about 50. */
const BESIDE_HEAP = 256;

/** `memory` is the mebibytes of its heap. Throws SpawnError. */
export function startSessionProcess(memory: number): ChildProcess {
  const [file, ...args] = limited(memory, [process.execPath, `--max-old-space-size=${memory}`, entry()]);
  const child = withMastersMasked(['ignore', 'ignore', 'ignore', 'ipc'], stdio =>
    spawn(file, args, { env: {}, stdio, serialization: 'advanced' }),
  );
  child.on('error', () => undefined); // the missing pid tells, or the exit
  if (child.pid === undefined) throw new SpawnError('the system refused to start a process');
  return child;
}

/**
 * `command` with a limit for all the memory that it writes to, where the system has one that counts mappings: on Linux,
 * setrlimit(2), RLIMIT_DATA. A heap's limit alone does not count the bytes of buffers.
 */
function limited(memory: number, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  if (process.platform !== 'linux') return command;
  return ['/bin/sh', '-c', 'ulimit -d "$0"; exec "$@"', String((memory + BESIDE_HEAP) * 1_024), ...command];
}

/** What runs is always the built module, also when this file has not been built: package.json, "imports". */
function entry(): string {
  try {
    return createRequire(import.meta.url).resolve('#repl-session');
  } catch (error) {
    throw new SpawnError(`the session of a prompt is not built: ${asError(error).message}`, { cause: error });
  }
}
