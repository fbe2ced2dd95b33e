/** Holds docs/testing-terminal-apps.md to its examples: they stand there as they are, and pass under node:test. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { build } from '../../interop/build.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');
const files = ['examples/testing/counter.ts', 'examples/testing/counter-test.ts'];

beforeAll(() => build(), 120_000);

test.each(files)('%s stands on the page as it is', file => {
  expect(read('docs/testing-terminal-apps.md')).toContain(`<!-- ${file} -->\n\`\`\`ts\n${read(file)}\`\`\``);
});

test('the tests of the example pass under node:test', async () => {
  const run = ['--test', '--test-reporter=tap', `${root}dist/examples/testing/counter-test.js`];
  const { stdout } = await promisify(execFile)(process.execPath, run, { cwd: root, timeout: 45_000 });
  expect(stdout).toContain('# pass 4\n# fail 0');
});
