/** What npm runs at each install: it builds the addon where it can, says in one line what has come of it, and never fails. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { loadNativePrograms } from '../../../transport/process/native-programs.ts';
import { has } from '../../interop/missing.ts';
import { compiler } from '../../support/native-programs.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
afterAll(() => rmSync(folder, { recursive: true }));
const output = join(folder, 'programs.node');

function build(CC: string, ...options: string[]): { status: number | null; stdout: string; stderr: string } {
  const { PATH = '' } = process.env;
  const node = [join(root, 'native/build.js'), ...options, output];
  return spawnSync(process.execPath, node, { encoding: 'utf8', env: { PATH, CC } });
}

test('npm runs it at each install', () => {
  const { scripts, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    dependencies: Record<string, string>;
  };
  expect(scripts['install']).toBe('node native/build.js --if-possible');
  expect(dependencies).toHaveProperty('node-api-headers');
});

const without: Array<[what: string, CC: string, reason: RegExp]> = [
  ['without a compiler', '/nonexistent/cc', /there is no C compiler \(\/nonexistent\/cc\); on Debian: apt-get install/],
  ['with a compiler that fails', '/bin/false', /Command failed/],
  ['with one that makes no addon', '/bin/true', /programs\.node/],
];
test.each(without)('%s, that is said, nothing is left, and the install goes on', (_what, CC, reason) => {
  writeFileSync(output, 'of an older version');
  const { status, stdout, stderr } = build(CC, '--if-possible');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^nacre: no addon, so .*process host; npm run build:native builds it: .*\n$/);
  expect(stdout).toMatch(reason);
  expect(existsSync(output)).toBe(false);
});

test('whoever asks for it hears that it cannot be built by the status, too', () => {
  const { status, stderr } = build('/nonexistent/cc');
  expect([status, stderr]).toEqual([1, expect.stringContaining('there is no C compiler')]);
});

if (has(compiler)) {
  test('where it can be built, it is, and can be used', () => {
    const { status, stdout, stderr } = build('cc', '--if-possible');
    expect([status, stdout, stderr]).toEqual([0, 'nacre: the addon is built, and servers start programs by it\n', '']);
    expect(readdirSync(folder)).toEqual(['programs.node']);
    expect(loadNativePrograms(output)).toBeDefined();
  });
}
