/** Tests that only some machines can run: on the others they are skipped, and the reason is printed. */
import { test } from '@jest/globals';

/** `test` where it is `possible`, otherwise `test.skip` with `reason` on standard error. */
export function testWhere(possible: boolean, reason: string): typeof test | typeof test.skip {
  if (possible) return test;
  process.stderr.write(`skipped: ${reason}\n`);
  return test.skip;
}
