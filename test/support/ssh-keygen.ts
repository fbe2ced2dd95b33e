/** The real ssh-keygen as the judge of our keys, in directories that vanish after the test file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const directories: string[] = [];
afterAll(() => directories.splice(0).forEach(path => rmSync(path, { recursive: true, force: true })));

/** A new empty directory, 0700. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'nacre-test-'));
  directories.push(path);
  return path;
}

/** Run ssh-keygen; answers its standard output, throws with its standard error. */
export const sshKeygen = (args: readonly string[], input = ''): string =>
  execFileSync('ssh-keygen', args, { input, encoding: 'utf8', stdio: 'pipe' });

/** A key made by ssh-keygen, e.g. `makeKey(directory, 'rsa', '-b', '2048')`. Answers the private file's path. */
export function makeKey(directory: string, type: string, ...more: string[]): string {
  const path = join(directory, `${type}-${more.join('').replace(/\W/g, '')}`);
  sshKeygen(['-q', '-t', type, '-N', '', '-C', `${type}@test`, '-f', path, ...more]);
  return path;
}

/** The blob of `path`.pub. */
export const publicBlob = (path: string): Buffer =>
  Buffer.from(readFileSync(`${path}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
