/**
 * Ten thousand spoiled packets, at every stage of a connection, from one seed, in a process of their own: what other
 * tests leave to be collected is no growth of the server's.
 *
 * That process is `npm run fuzz`, which runs this file with its own seed, for as long as it is told, and prints what was
 * covered.
 */
import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { closeAfterTest } from '../support/cleanup.ts';
import { fuzz, type FuzzOptions } from './fuzzer.ts';
import { stages } from './stages.ts';

const given = process.env['NACRE_FUZZ'];

if (given === undefined) {
  const title = 'no spoiled packet at any stage harms the process or another session, and every end has a reason';
  test(title, async () => expect(await outcomeOf('--seed', '1', '--packets', '10000')).toBe('ended with 0'), 600_000);
} else {
  const options = JSON.parse(given) as FuzzOptions;
  test(
    `seed ${options.seed}`,
    async () => {
      const report = await fuzz(options);
      process.stdout.write(`${report.text}\n`);
      expect(report.complaints).toEqual([]);
      if (options.only === undefined) expect(Object.keys(report.packetsByStage)).toHaveLength(stages.length);
    },
    (options.milliseconds ?? 3_000_000) + 600_000,
  );
}

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
