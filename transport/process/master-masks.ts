/**
 * Keeps node-pty's terminals from the children of Node's own spawn.
 *
 * node-pty leaves masters inheritable, and whoever inherits one can type into another's session. In its own children,
 * node-pty and the launcher close them. A child of `child_process.spawn` gets them all: every such spawn must go through
 * `withMastersMasked`.
 * Node has no fcntl, and needs a compiler for one, so the child gets /dev/null under each of those numbers instead. An
 * explicit descriptor is needed: libuv leaves numbers from 3 up as they are when told to ignore them.
 * Facts: libuv 1.46 src/unix/process.c.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { devNull } from 'node:os';

type Stdio = 'pipe' | 'ignore' | 'inherit' | 'ipc' | number;

/** Descriptors of the open masters that a child would get. */
export const inheritableMasters = new Set<number>();

/**
 * Call `spawn` with `stdio`, lengthened so that the child cannot reach a pty of ours. For `child_process.spawn` only,
 * and only synchronously: the descriptors are those of this moment.
 */
export function withMastersMasked<T>(stdio: ReadonlyArray<Stdio | undefined>, spawn: (stdio: Stdio[]) => T): T {
  if (inheritableMasters.size === 0) return spawn(stdio.map(given => given ?? 'ignore'));
  const nothing = openSync(devNull, constants.O_RDWR);
  try {
    const length = Math.max(stdio.length, Math.max(...inheritableMasters) + 1);
    return spawn(Array.from({ length }, (_, fd) => stdio[fd] ?? (inheritableMasters.has(fd) ? nothing : 'ignore')));
  } finally {
    closeSync(nothing);
  }
}
