/** Which lines are kept, in memory and in a file. */
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openHistoryFile } from '../../../terminal/line/history-file.ts';
import { LineHistory, type HistoryRules } from '../../../terminal/line/history.ts';

// rules · lines added · lines kept · why
const facts: ReadonlyArray<readonly [HistoryRules, added: string[], kept: string[], why: string]> = [
  [{}, ['a', 'b', 'a'], ['a', 'b', 'a'], 'all, in their order'],
  [{}, ['a', 'a', '', 'b'], ['a', 'b'], 'but for empty ones, and for one that repeats the last'],
  [{ duplicates: 'keep' }, ['a', 'a'], ['a', 'a'], 'repetitions on request'],
  [{ duplicates: 'erase-earlier' }, ['a', 'b', 'a'], ['b', 'a'], 'the earlier one goes'],
  [{}, [' secret', 'a'], ['a'], 'a space in front keeps a line out'],
  [{ ignoreSpace: false }, [' secret'], [' secret'], 'unless it shall not'],
  [{ ignore: [/^pass/, /token/g] }, ['password x', 'a token', 'b token', 'c'], ['c'], 'by rules'],
  [{ maxLines: 2 }, ['a', 'b', 'c'], ['b', 'c'], 'the oldest go'],
  [{ maxLines: 0 }, ['a'], [], 'none at all'],
];

describe('a history keeps', () => {
  test.each(facts)('%j of %j: %j (%s)', (rules, added, kept) => {
    const history = new LineHistory(rules);
    for (const line of added) history.add(line);
    expect(history.lines).toEqual(kept);
  });

  test('only rules that there are', () => {
    expect(() => new LineHistory({ max: 1 } as HistoryRules)).toThrow('history.max: there is no such option');
    expect(() => new LineHistory({ maxLines: -1 })).toThrow('history.maxLines');
    expect(() => new LineHistory({ duplicates: 'x' } as unknown as HistoryRules)).toThrow('history.duplicates');
  });
});

describe('a history file', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'history-'));
    path = join(directory, 'history');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('has the lines of the time before, whatever is in them', async () => {
    const first = await openHistoryFile(path);
    const lines = ['plain', 'two\nlines', 'back\\slash\\n', 'a\rb', 'é日'];
    for (const line of lines) first.history.add(line);
    await first.flush();
    expect((await openHistoryFile(path)).history.lines).toEqual(lines);
  });

  test('is its owner’s alone, also where it was not', async () => {
    writeFileSync(path, 'a\n', { mode: 0o644 });
    const file = await openHistoryFile(path);
    file.history.add('b');
    await file.flush();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
  });

  test('is shared by those who append to it', async () => {
    const [one, two] = [await openHistoryFile(path), await openHistoryFile(path)];
    for (const letter of 'abc') {
      one.history.add(`one ${letter}`);
      two.history.add(`two ${letter}`);
    }
    await Promise.all([one.flush(), two.flush()]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.sort()).toEqual(['one a', 'one b', 'one c', 'two a', 'two b', 'two c']);
  });

  test('gets nothing that the rules leave out', async () => {
    const file = await openHistoryFile(path);
    for (const line of ['a', 'a', ' b', '']) file.history.add(line);
    await file.flush();
    expect(readFileSync(path, 'utf8')).toBe('a\n');
  });

  test('is shortened when it has twice its lines', async () => {
    writeFileSync(path, Array.from({ length: 7 }, (_, index) => `${index}\n`).join(''));
    const { history } = await openHistoryFile(path, { maxLines: 3 });
    expect(history.lines).toEqual(['4', '5', '6']);
    expect(readFileSync(path, 'utf8')).toBe('4\n5\n6\n');
  });

  test('is not written through a link', async () => {
    symlinkSync(join(directory, 'elsewhere'), path);
    await expect(openHistoryFile(path)).rejects.toThrow('cannot be read');
  });

  test('that cannot be written says so when it is flushed', async () => {
    const file = await openHistoryFile(path);
    rmSync(path);
    symlinkSync(join(directory, 'elsewhere'), path);
    file.history.add('a');
    await expect(file.flush()).rejects.toThrow('ELOOP');
  });
});
