/**
 * A file that takes long to open, as on a file system that does not answer: whoever opens it waits until it is let go.
 *
 * A line of Perl has a write lease on it, which the kernel asks back before anybody else may open it. It waits for
 * /proc/sys/fs/lease-break-time, by default 45 s, and no longer. Facts: fcntl(2), F_SETLEASE; inode_lease in proc(5).
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Needed } from '../interop/missing.ts';
import { closeAfterTest } from './cleanup.ts';

export const perl: Needed = {
  name: 'perl',
  packages: 'perl-base',
  isInstalled: () => existsSync('/usr/bin/perl'),
};

/** Holds the file that is its argument until its input ends, and says `held`, then `wanted`. */
export const holder = `
  open(FILE, "<", shift) or die;
  $SIG{IO} = sub { syswrite(STDOUT, "wanted\\n") };
  fcntl(FILE, 1024, 1) or die("F_SETLEASE: $!");
  syswrite(STDOUT, "held\\n");
  <STDIN>;
`;

export interface HeldFile {
  /** Resolves when somebody waits for it; once. */
  readonly wanted: () => Promise<void>;
  readonly letGo: () => void;
}

/** Hold the file in `path`, no longer than the test. */
export async function holdFile(path: string): Promise<HeldFile> {
  const child = spawn('perl', ['-e', holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  closeAfterTest(() => void child.stdin.end());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const says = async (what: string): Promise<void> => {
    const { value } = (await lines.next()) as { value: unknown };
    if (value !== what) throw new Error(`the holder of ${path} should say ${what}, not ${String(value)}`);
  };
  await says('held');
  return { wanted: () => says('wanted'), letGo: () => void child.stdin.end() };
}
