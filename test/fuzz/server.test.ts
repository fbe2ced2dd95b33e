/**
 * Ten thousand spoiled packets at every stage of a connection, from two seeds side by side, in processes of their own:
 * what other tests leave to be collected is no growth of the server's. Each is `npm run fuzz`.
 */
import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { closeAfterTest } from '../support/cleanup.ts';

const EACH = 5_000;
const seeds = [1, 2];

test('no spoiled packet at any stage harms the process or another session, and every end has a reason', async () => {
  const outcomes = await Promise.all(seeds.map(seed => outcomeOf('--seed', `${seed}`, '--each', `${EACH}`)));
  expect(outcomes).toEqual(seeds.map(() => 'ended with 0'));
}, 600_000);

/** How a run ended; with all that it printed, if it did not end well. */
async function outcomeOf(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['test/fuzz/main.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const done = closeAfterTest(() => void child.kill());
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (printed += data.toString()));
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  done();
  return code === 0 ? 'ended with 0' : `ended with ${code}\n${printed}`;
}
