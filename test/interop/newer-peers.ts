/**
 * Peers that are newer than the Debian under the tests: OpenSSH and Dropbear with a post-quantum key exchange, and an
 * ssh-audit that knows of it. `.ci/newer-peers` unpacks them into a folder of their own.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Needed } from './missing.ts';

const folder = join(homedir(), '.cache', 'nacre-interop', 'bin');

/** Where a program of `.ci/newer-peers` is. */
export const newerProgram = (program: string): string => join(folder, program);

export const newer = (name: string, program: string): Needed => ({
  name,
  remedy: '.ci/newer-peers',
  isInstalled: () => existsSync(newerProgram(program)),
});
