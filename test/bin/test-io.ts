/** The world as a command sees it, in memory: what it wrote, and a hand on its signals. */
import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../bin/io.ts';
import { main } from '../../bin/main.ts';
import { makeKey, sshKeygen, temporaryDirectory } from '../support/ssh-keygen.ts';

export interface TestIo extends Io {
  readonly written: { out: string; err: string };
  /** Where its clock stands, in milliseconds; moved by the test only. */
  readonly clock: { now: number };
  /** As SIGINT would. */
  readonly signal: () => void;
}

export function testIo(directory: string, changes: Partial<Io> = {}): TestIo {
  const written = { out: '', err: '' };
  const clock = { now: 0 };
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
    clock,
    now: () => clock.now,
    written,
    signal: () => listeners.forEach(listener => listener()),
    ...changes,
  };
}

/** Run a command line to its end in a directory of its own, which `before` may fill. */
export async function run(
  line: string[],
  before: (directory: string) => void = () => undefined,
): Promise<{ code: number; directory: string; out: string; err: string }> {
  const directory = temporaryDirectory();
  before(directory);
  const io = testIo(directory);
  const code = await main(line, io);
  return { code, directory, ...io.written };
}

/** An ed25519 host key without a passphrase, in `k`. */
export const makeHostKey = (directory: string): void =>
  void sshKeygen(['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'k')]);

/** A key, a host key, authorized_keys and a configuration that names them. */
export function fill(directory: string): void {
  makeHostKey(directory);
  const me = makeKey(directory, 'ed25519');
  writeFileSync(join(directory, 'authorized'), readFileSync(`${me}.pub`), { mode: 0o600 });
  writeFileSync(join(directory, 'nacre.yaml'), 'listen: [127.0.0.1:0]\nhostKeys: [k]\nauthorizedKeys: authorized\n');
}
