/** The client of libssh, made from libssh_client.c when that is newer, and kept where tools keep what they can make again. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('libssh_client.c', import.meta.url));
const folder = fileURLToPath(new URL('../../node_modules/.cache/nacre/', import.meta.url));
const program = `${folder}libssh_client`;

/** A compiler and the library's headers. */
export const canBuildLibssh = (): boolean => existsSync('/usr/bin/cc') && existsSync('/usr/include/libssh/callbacks.h');

/** Where the client is. */
export function libsshClient(): string {
  if (modified(program) > modified(source)) return program;
  mkdirSync(folder, { recursive: true });
  const mine = `${program}.${process.pid}`; // another worker may be at it, too
  execFileSync('cc', ['-O1', '-o', mine, source, '-lssh'], { stdio: ['ignore', 'ignore', 'pipe'] });
  renameSync(mine, program);
  return program;
}

const modified = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
