/** The stock server of stock-program.js as a subject; it is killed after the test, by its own id. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closeAfterTest } from '../support/cleanup.ts';
import { Journal } from '../support/journal.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import { patience, type Subject } from './subject.ts';

export async function startStockChild(): Promise<Subject> {
  const program = fileURLToPath(new URL('stock-program.js', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'ignore'] });
  closeAfterTest(() => void child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(port.toString()), facts: new Journal(), key: makeTestKey(), patience: patience.long };
}
