/**
 * Ten thousand spoiled packets, at every stage of a connection, from one seed.
 *
 * `npm run fuzz` runs this file with its own seed, for as long as it is told, and prints what was covered.
 */
import { expect, test } from '@jest/globals';
import { fuzz, type FuzzOptions } from './fuzzer.ts';
import { stages } from './stages.ts';

const given = process.env['NACRE_FUZZ'];
const options = (given === undefined ? { seed: 1, packets: 10_000 } : JSON.parse(given)) as FuzzOptions;
const { milliseconds = 0 } = options;

test(
  'no spoiled packet at any stage harms the process or another session, and every end has a reason',
  async () => {
    const report = await fuzz(options);
    if (given !== undefined) process.stdout.write(`${report.text}\n`);
    expect(report.complaints).toEqual([]);
    if (options.only === undefined) expect(Object.keys(report.packetsByStage)).toHaveLength(stages.length);
  },
  milliseconds + 600_000,
);
