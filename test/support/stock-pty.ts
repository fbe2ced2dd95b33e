/** node-pty as it comes, for tests that show that the defect they guard against is real. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as nodePty from 'node-pty';
import type { Program } from '../../transport/process/program.ts';

/** Start `program` with the library's own JavaScript; bytes, not text. */
export function stockPty({ file, args, environment, cwd }: Program): nodePty.IPty {
  return nodePty.spawn(file, [...args], { env: { ...environment }, cwd, encoding: null });
}

/** Everything it shows until it says that the program has exited. */
export function stockOutput(pty: nodePty.IPty): Promise<Buffer> {
  const chunks: Buffer[] = [];
  pty.onData(data => chunks.push(Buffer.from(data)));
  return new Promise(resolve => pty.onExit(() => resolve(Buffer.concat(chunks))));
}

/** Try until `defect` shows, at most `tries` times: losses depend on timing. Tells whether it did. */
export async function showsWithin(tries: number, defect: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt += 1) if (await defect()) return true;
  return false;
}

const child = fileURLToPath(new URL('./stock-pty-child.js', import.meta.url));

/** Show one of the defects that stock-pty-child.js knows: what it measured. */
export async function stockDefect(name: 'writes into reused descriptors' | 'spins on a stuck reader'): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, name]);
  return Number(stdout);
}
