/**
 * What to do about a program that is not on this machine: say its name and the package that brings it, and skip.
 * Where CI=true the machine was set up for these tests, so there a missing program is a failure.
 */
import { test } from '@jest/globals';

export interface Needed {
  readonly name: string;
  readonly packages: string;
  readonly isInstalled: () => boolean;
}

/** Whether tests that need `needed` can run. When not, a skipped or failing test is declared in their place. */
export function has({ name, packages, isInstalled }: Needed): boolean {
  if (isInstalled()) return true;
  const notice = `${name} is not installed: apt-get install ${packages}`;
  process.stderr.write(`interop: ${notice}\n`);
  const missing = process.env['CI'] === 'true' ? test : test.skip;
  missing(notice, () => {
    throw new Error(notice);
  });
  return false;
}
