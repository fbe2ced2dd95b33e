/** A gate that a program waits at until the test lets it through, where a sleep would only hope that the test is quicker. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAfterTest } from './cleanup.ts';

export interface Gate {
  /** A command of the shell, which ends when the gate is open. */
  readonly wait: string;
  /** For one program, which may come later. */
  readonly open: () => void;
}

/** A FIFO, which Linux lets us hold open for both directions, so that neither end waits for the other to open it: fifo(7). */
export function makeGate(): Gate {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const path = join(folder, 'gate');
  execFileSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDWR);
  closeAfterTest(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  return { wait: `read go <${path}`, open: () => void writeSync(fd, 'go\n') };
}
