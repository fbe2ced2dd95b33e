/** Holds pages to their examples: each block is a file, and running that file prints what the page says. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build } from './build.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');

interface Example {
  readonly path: string;
  readonly code: string;
  /** What it prints. */
  readonly output: string;
}

/** An example on the page: the file in a comment, its text, what it prints. */
const shape = /^<!-- (\S+) -->\n```ts\n([^]*?)^```\n+```text\n([^]*?)^```$/gm;

/** Pages, and the folders whose examples they show. */
const pages = [
  ['docs/transports.md', 'examples/transports'],
  ['docs/program-output.md', 'examples/program-output'],
] as const;

const examplesOf = (page: string): Example[] =>
  Array.from(read(page).matchAll(shape), ([, path, code, output]) => ({ path: path!, code: code!, output: output! }));

beforeAll(() => build(), 120_000);

describe.each(pages.flatMap(([page]) => examplesOf(page)))('$path', ({ path, code, output }) => {
  test('stands on the page as it is in the file', () => {
    expect(code).toBe(read(path));
  });

  test('prints what the page says', async () => {
    const program = `${root}dist/${path.replace(/\.ts$/, '.js')}`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { cwd: root, timeout: 45_000 });
    expect({ stdout, stderr }).toEqual({ stdout: output, stderr: '' });
  });
});

test.each(pages)('%s shows every file of %s', (page, folder) => {
  const files = readdirSync(root + folder).map(name => `${folder}/${name}`);
  expect(
    examplesOf(page)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(files.sort());
});
