/**
 * `npm run fuzz -- [--seed N] [--seconds N | --packets N | --each N] [--case N]`: the fuzzer for as long as you like,
 * with what it covered. `--each` is so many spoiled packets at every stage, `--packets` so many in all.
 *
 * It runs test/fuzz/server.test.ts with these numbers. Without a seed it takes a new one, and says which.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string' },
    packets: { type: 'string' },
    each: { type: 'string' },
    case: { type: 'string' },
  },
});

/** @param {'seed' | 'seconds' | 'packets' | 'each' | 'case'} name */
function whole(name, otherwise) {
  const text = values[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} wants a whole number, got ${text}`);
  return Number(text);
}

const seed = whole('seed', randomInt(2 ** 31));
const only = whole('case', undefined);
const packets = whole('packets', undefined);
const each = whole('each', undefined);
const milliseconds = packets === undefined && each === undefined ? whole('seconds', 60) * 1_000 : undefined;
// What is undefined is not there in JSON.
const options = { seed, packets, each, milliseconds, only };
process.stdout.write(`seed ${seed}\n`);
const { status, signal } = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '-i', 'test/fuzz/server.test.ts'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      NACRE_FUZZ: JSON.stringify(options),
    },
  },
);
if (signal) process.stderr.write(`ended by ${signal}\n`);
process.exitCode = status ?? 1;
