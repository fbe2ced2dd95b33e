/** Programs for tests to start, and looks at what they leave behind. */
import { readFileSync } from 'node:fs';
import type { Program } from '../../transport/process/program.ts';
import { turns } from './turns.ts';

/** A program with an environment of its own; nothing of the test's gets in. */
export const program = (file: string, args: readonly string[] = [], rest: Partial<Program> = {}): Program => ({
  file,
  args,
  environment: { PATH: '/usr/bin:/bin' },
  cwd: '/',
  ...rest,
});

/** A shell script as a program. */
export const script = (text: string, rest: Partial<Program> = {}): Program => program('/bin/sh', ['-c', text], rest);

/** A script that prints `bytes` times `x` and exits. */
export const printing = (bytes: number): Program => script(`head -c ${bytes} /dev/zero | tr '\\0' x`);

/** Prints the signals that it blocks and ignores. No shell stands between: one may unblock them for itself. */
export const signals = program('/bin/grep', ['-E', 'Sig(Blk|Ign)', '/proc/self/status']);
export const noSignals = 'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n';

/** Keep the event loop from turning for `milliseconds`, as a busy server does. */
export function block(milliseconds: number): void {
  const end = Date.now() + milliseconds;
  while (Date.now() < end);
}

/** Resolves when no process with this id is left, not even one that nobody has waited for; the test's timeout bounds it. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await turns(1);
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Prints the targets of its descriptors, except the one it reads them with, from 3 up. */
export const listDescriptors = script(
  `for fd in /proc/self/fd/*; do
     case \${fd##*/} in [012]) ;; *) t=$(readlink "$fd") && case $t in /proc/*) ;; *) echo "\${fd##*/} $t" ;; esac ;; esac
   done; echo done`,
);
