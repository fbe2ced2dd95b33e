/** Where samples are kept: a file of JSON for each run, in bench/results/ (not kept in git). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Whatever was measured is worth nothing without it. */
export const machine = `${cpus().length} × ${cpus()[0]?.model ?? '?'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}`;

/** Answers the name of the file. `prefix` tells one bench's from another's. */
export function saveResults(results: object, prefix = ''): string {
  const folder = fileURLToPath(new URL('../../bench/results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${prefix}${new Date().toISOString().replace(/[:.]/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return file;
}
