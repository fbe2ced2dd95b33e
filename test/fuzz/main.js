/**
 * `npm run fuzz -- [--seed N] [--seconds N | --packets N | --each N] [--case N]`: the fuzzer for as long as you like,
 * with what it covered and what went wrong. `--each` is so many spoiled packets at every stage, `--packets` so many in
 * all. Without a seed it takes a new one, and says which.
 */
import { randomInt } from 'node:crypto';
import { register } from 'node:module';
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
process.stdout.write(`seed ${seed}\n`);

register('./typescript.js', import.meta.url);
const { fuzz } = await import('./fuzzer.ts');
const report = await fuzz({ seed, packets, each, milliseconds, only });
process.stdout.write([report.text, ...report.complaints, ''].join('\n'));
process.exitCode = report.complaints.length === 0 ? 0 : 1;
