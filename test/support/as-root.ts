/** Tests of what only root can do: declared where root runs them, skipped with the reason elsewhere. */
import { describe, test } from '@jest/globals';

export const isRoot = process.geteuid?.() === 0;

/** `describe` as root; otherwise one skipped test that says why. */
export function describeAsRoot(name: string, tests: () => void): void {
  if (isRoot) return describe(name, tests);
  process.stderr.write(`not run, because only root can: ${name}\n`);
  describe(name, () => test.skip('only root can run these', () => undefined));
}
