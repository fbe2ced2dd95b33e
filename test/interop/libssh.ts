/** The client of libssh, made from libssh_client.c once for each test file that runs it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('libssh_client.c', import.meta.url));
let program: string | undefined;

/** A compiler and the library's headers. */
export const canBuildLibssh = (): boolean => existsSync('/usr/bin/cc') && existsSync('/usr/include/libssh/callbacks.h');

/** Where the client is; compiled at the first call, and gone with this process. */
export function libsshClient(): string {
  if (program !== undefined) return program;
  const dir = mkdtempSync(join(tmpdir(), 'nacre-libssh-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  program = join(dir, 'libssh_client');
  execFileSync('cc', ['-O1', '-o', program, source, '-lssh'], { stdio: ['ignore', 'ignore', 'pipe'] });
  return program;
}
