/**
 * What to do about a program that is not on this machine: say its name and the package that brings it, and skip.
 * Where CI=true the machine was set up for these tests, so there a missing program is a failure.
 */
import { test } from '@jest/globals';

export type Needed = {
  readonly name: string;
  readonly isInstalled: () => boolean;
} & (
  | { /** Debian packages that bring it. */ readonly packages: string }
  | { /** The command that brings it. */ readonly remedy: string }
);

/** Whether tests that need `needed` can run. When not, a skipped or failing test is declared in their place. */
export function has(needed: Needed): boolean {
  if (needed.isInstalled()) return true;
  const remedy = 'remedy' in needed ? needed.remedy : `apt-get install ${needed.packages}`;
  const notice = `${needed.name} is not installed: ${remedy}`;
  process.stderr.write(`interop: ${notice}\n`);
  const missing = process.env['CI'] === 'true' ? test : test.skip;
  missing(notice, () => {
    throw new Error(notice);
  });
  return false;
}
