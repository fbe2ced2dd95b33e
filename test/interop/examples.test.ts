/** Holds docs/transports.md to the examples: each block is a file, and running that file prints what the page says. */
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

const examples: Example[] = Array.from(read('docs/transports.md').matchAll(shape), ([, path, code, output]) => ({
  path: path!,
  code: code!,
  output: output!,
}));

beforeAll(() => build(), 120_000);

describe.each(examples)('$path', ({ path, code, output }) => {
  test('stands on the page as it is in the file', () => {
    expect(code).toBe(read(path));
  });

  test('prints what the page says', async () => {
    const program = `${root}dist/${path.replace(/\.ts$/, '.js')}`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { cwd: root, timeout: 15_000 });
    expect({ stdout, stderr }).toEqual({ stdout: output, stderr: '' });
  });
});

test('every example of a transport is on the page', () => {
  const files = readdirSync(`${root}examples/transports`).map(name => `examples/transports/${name}`);
  expect(examples.map(({ path }) => path).sort()).toEqual(files.sort());
});
