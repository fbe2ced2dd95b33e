/**
 * A history that outlives the program: one line of a file for each line.
 *
 * A line is added by one append, so programs that share a file do not mix their lines. The file belongs to its owner alone
 * (0600, also where it was otherwise), and a link in its place is refused. When it has grown to twice its lines it is
 * written anew beside, and put in its place at once. Line ends and backslashes inside a line are written `\n` and `\\`.
 */
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pid } from 'node:process';
import { asError, ConfigError } from '../../transport/errors.ts';
import { LineHistory, resolveHistoryRules, type HistoryRules } from './history.ts';

/** More than this is not read: the last lines are. In bytes. */
const MOST_READ = 8 * 1_024 * 1_024;
const OWNER_ONLY = 0o600;

export interface HistoryFile {
  readonly history: LineHistory;
  /** Resolves when all lines are in the file; rejects with what went wrong. */
  flush(): Promise<void>;
}

/** Read the history of `path`, which need not exist. Rejects with ConfigError. */
export async function openHistoryFile(path: string, rules: HistoryRules = {}): Promise<HistoryFile> {
  const { maxLines } = resolveHistoryRules(rules);
  const lines = await readLines(path);
  if (lines.length > 2 * maxLines) await replaceFile(path, lines.slice(-maxLines));
  let writing: Promise<void> = Promise.resolve();
  let failure: Error | undefined;
  const append = (line: string): void => {
    writing = writing.then(() => appendLine(path, line)).catch((error: unknown) => void (failure ??= asError(error)));
  };
  return {
    history: new LineHistory(rules, lines, append),
    flush: async () => {
      await writing;
      if (failure) throw failure;
    },
  };
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

async function readLines(path: string): Promise<string[]> {
  try {
    await using file = await openOwned(path, O_RDONLY | O_CREAT);
    const { size } = await file.stat();
    const start = Math.max(0, size - MOST_READ);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
    const lines = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .slice(start > 0 ? 1 : 0, -1);
    return lines.map(decode);
  } catch (error) {
    throw new ConfigError('history', `${path} cannot be read: ${asError(error).message}`, { cause: error });
  }
}

async function appendLine(path: string, line: string): Promise<void> {
  await using file = await openOwned(path, O_WRONLY | O_APPEND | O_CREAT);
  await file.write(`${encode(line)}\n`);
}

async function replaceFile(path: string, lines: readonly string[]): Promise<void> {
  const beside = `${path}.${pid}.new`;
  try {
    await using file = await open(beside, 'wx', OWNER_ONLY);
    await file.writeFile(lines.map(line => `${encode(line)}\n`).join(''));
    await file.sync();
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new ConfigError('history', `${path} cannot be shortened: ${asError(error).message}`, { cause: error });
  }
}

async function openOwned(path: string, flags: number) {
  const file = await open(path, flags | O_NOFOLLOW, OWNER_ONLY);
  await file.chmod(OWNER_ONLY);
  return file;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const encode = (line: string): string => line.replace(/[\\\n\r]/g, found => escapes[found] ?? found);
const decode = (line: string): string =>
  line.replace(/\\([\\nr])/g, (_, code: string) => ({ n: '\n', r: '\r' })[code] ?? code);
