/** The world as a command sees it, in memory: what it wrote, and a hand on its signals. */
import type { Io } from '../../bin/io.ts';
import { userInfo } from 'node:os';

export interface TestIo extends Io {
  readonly written: { out: string; err: string };
  /** As SIGINT would. */
  readonly signal: () => void;
}

export function testIo(directory: string, changes: Partial<Io> = {}): TestIo {
  const written = { out: '', err: '' };
  const listeners = new Set<() => void>();
  const { username: name, uid } = userInfo();
  return {
    out: { write: text => (written.out += text) },
    err: { write: text => (written.err += text) },
    colors: false,
    isTerminal: false,
    directory,
    user: { name, uid, home: directory },
    onSignal: listener => (listeners.add(listener), () => listeners.delete(listener)),
    written,
    signal: () => listeners.forEach(listener => listener()),
    ...changes,
  };
}
