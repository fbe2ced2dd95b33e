/**
 * Holds the code to the tables of ARCHITECTURE.md: floors, libraries, long files; and git to "no private key".
 *
 * Each rule also sees, as a fact of its own, a small file that breaks it: a rule that cannot fail is not one.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import * as rules from './architecture/rules.ts';
import type { House } from './architecture/rules.ts';
import { specifiersOf, type SourceFile } from './architecture/source.ts';
import { readTables } from './architecture/tables.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');
const notSource = /^(node_modules|dist|coverage|docs|\..*)$/;

const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  exports: Record<string, { default: string }>;
};

/** Every TypeScript file in a folder of the repository, below its root. */
function sourceFiles(): SourceFile[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    entry => entry.isDirectory() && !notSource.test(entry.name),
  );
  return folders
    .flatMap(({ name }) =>
      readdirSync(root + name, { recursive: true, encoding: 'utf8' }).map(path => `${name}/${path}`),
    )
    .filter(path => path.endsWith('.ts') && !path.includes('/node_modules/'))
    .map(path => ({ path, text: read(path) }));
}

const house: House = {
  tables: readTables(read('ARCHITECTURE.md')),
  files: sourceFiles(),
  addon: readdirSync(`${root}native`, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => ({ path: `native/${name}`, text: read(`native/${name}`) })),
  dependencies: Object.keys(manifest.dependencies),
  indexes: Object.values(manifest.exports).map(entry =>
    entry.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts'),
  ),
};

/** A house of one or more small files, with tables that name floors `low` and `high` and library `ssh2`. */
function small(files: Record<string, string>, more: Partial<House> = {}): House {
  const tables = {
    floors: new Map([
      ['low', []],
      ['high', ['low']],
    ]),
    libraries: new Map([
      ['ssh2', 'high/port/'],
      ['node-pty', 'low/pty.ts'],
    ]),
    longFiles: new Map<string, string>(),
  };
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return { tables, files: sources, addon: [], dependencies: ['ssh2', 'node-pty'], indexes: [], ...more };
}

const lines = (count: number): string => 'x;\n'.repeat(count);

// the rule, as a sentence · the rule · a house that breaks it · what it says of that house
const facts: Array<[title: string, rule: (house: House) => string[], broken: House, complaint: string]> = [
  [
    'every folder of shipped code has a row in the floor table',
    rules.floorsAreListed,
    small({ 'low/a.ts': '', 'high/a.ts': '', 'attic/a.ts': '' }),
    'attic/ is in no row of the floor table',
  ],
  [
    'every row of the floor table has a folder',
    rules.floorsAreListed,
    small({ 'low/a.ts': '' }),
    'high/ has a row but no files',
  ],
  [
    'imports go only where the floor table allows',
    rules.importsGoDown,
    small({ 'low/a.ts': `import { b } from '../high/b.ts';` }),
    'low/a.ts imports high/b.ts',
  ],
  [
    'type imports count',
    rules.importsGoDown,
    small({ 'low/a.ts': `import type { B } from '../high/b.ts';` }),
    'low/a.ts imports high/b.ts',
  ],
  [
    'import types count',
    rules.importsGoDown,
    small({ 'low/a.ts': `let b: import('../high/b.ts').B;` }),
    'low/a.ts imports high/b.ts',
  ],
  [
    're-exports count',
    rules.importsGoDown,
    small({ 'low/a.ts': `export * from '../high/b.ts';` }),
    'low/a.ts imports high/b.ts',
  ],
  [
    'no import goes out of the floors',
    rules.importsGoDown,
    small({ 'low/a.ts': `import p from '../package.json';` }),
    'low/a.ts imports package.json',
  ],
  [
    'shipped code imports no test helper',
    rules.noTestHelpersShipped,
    small({ 'low/a.ts': `import '../test/support/x.ts';` }),
    'low/a.ts imports the test file test/support/x.ts',
  ],
  [
    'shipped code imports only what is installed with it',
    rules.onlyDependencies,
    small({ 'low/a.ts': `import '@jest/globals';` }),
    'low/a.ts imports @jest/globals, which is not in "dependencies"',
  ],
  [
    'a library is imported only where the library table says',
    rules.librariesAreConfined,
    small({ 'low/a.ts': `import 'node-pty';`, 'low/pty.ts': `import 'node-pty';` }),
    'low/a.ts imports node-pty',
  ],
  [
    'deep imports of a library count',
    rules.librariesAreConfined,
    small({ 'low/a.ts': `import 'ssh2/lib/server.js';`, 'high/port/x.ts': `import 'ssh2/lib/server.js';` }),
    'low/a.ts imports ssh2/lib/server.js',
  ],
  [
    'createRequire counts',
    rules.librariesAreConfined,
    small({ 'low/a.ts': `const load = createRequire(import.meta.url); load('ssh2');` }),
    'low/a.ts imports ssh2',
  ],
  [
    'createRequire without a name counts',
    rules.librariesAreConfined,
    small({ 'low/a.ts': `module.createRequire(import.meta.url)('ssh2');` }),
    'low/a.ts imports ssh2',
  ],
  [
    'require.resolve counts',
    rules.librariesAreConfined,
    small({ 'low/a.ts': `require.resolve('ssh2/package.json');` }),
    'low/a.ts imports ssh2/package.json',
  ],
  [
    'dynamic import counts',
    rules.librariesAreConfined,
    small({ 'low/a.ts': `await import('ssh2');` }),
    'low/a.ts imports ssh2',
  ],
  [
    'no import is computed, except where a library is at home',
    rules.importsAreReadable,
    small({ 'low/a.ts': 'await import(name);', 'low/pty.ts': 'await import(name);' }),
    'low/a.ts loads a module whose name is computed',
  ],
  [
    'imports never go in a circle',
    rules.noCycles,
    small({ 'low/a.ts': `import './b.ts';`, 'low/b.ts': `import type { A } from './a.ts';` }),
    'low/a.ts → low/b.ts → low/a.ts',
  ],
  [
    'every source file opens with a block comment',
    rules.filesSayWhatTheyAreFor,
    small({ 'low/a.ts': `// short\nimport 'x';`, 'low/b.ts': '#!/usr/bin/env node\n/** Fine. */' }),
    'low/a.ts does not open with a block comment',
  ],
  [
    'a file over 200 lines has a reason',
    rules.longFilesHaveAReason,
    small({ 'low/a.ts': lines(201), 'low/b.ts': lines(200), 'test/c.ts': lines(999) }),
    'low/a.ts has 201 lines and no reason',
  ],
  [
    'the files of the addon count',
    rules.longFilesHaveAReason,
    small({ 'low/a.ts': '' }, { addon: [{ path: 'native/a.c', text: lines(201) }] }),
    'native/a.c has 201 lines and no reason',
  ],
  [
    'a reason is given only to long files',
    rules.longFilesHaveAReason,
    small({ 'low/a.ts': lines(9) }, { tables: { ...small({}).tables, longFiles: new Map([['low/a.ts', 'because']]) } }),
    'low/a.ts is listed but is not long',
  ],
  [
    'a public index is at most 60 lines',
    rules.indexesAreOnePage,
    small({ 'low/index.ts': `export * from './a.ts';\n`.repeat(61) }, { indexes: ['low/index.ts'] }),
    'low/index.ts has 61 lines',
  ],
  [
    'a public index only re-exports',
    rules.indexesAreOnePage,
    small({ 'low/index.ts': 'export const a = 1;' }, { indexes: ['low/index.ts'] }),
    'low/index.ts does more than re-export',
  ],
  [
    'a public index exists',
    rules.indexesAreOnePage,
    small({}, { indexes: ['low/index.ts'] }),
    'low/index.ts is in package.json "exports" but does not exist',
  ],
];

describe.each(facts)('%s', (_title, rule, broken, complaint) => {
  test('is so', () => expect(rule(house)).toEqual([]));
  test('is noticed when it is not so', () => expect(rule(broken)).toEqual([complaint]));
});

test('an import in a comment or in a string is not an import', () => {
  expect(specifiersOf({ path: 'a.ts', text: `/** import 'x'; */ const s = "import 'y';";` })).toEqual([]);
});

describe('no private key is in git', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  const body = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt';

  test('no file that git has, or would add, holds one', () => {
    const paths = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0').filter(Boolean);
    expect(paths.length).toBeGreaterThan(10);
    const present = new Set(git('ls-files', '-z', '--deleted').split('\0'));
    expect(paths.filter(path => !present.has(path) && rules.holdsPrivateKey(read(path)))).toEqual([]);
  });

  test('keys/host/ is ignored', () => {
    expect(git('check-ignore', 'keys/host/ssh_host_ed25519_key').trim()).toBe('keys/host/ssh_host_ed25519_key');
  });

  test.each([
    ['an OpenSSH key', `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\n${body}\n`],
    [
      'an encrypted PEM key',
      `-----BEGIN RSA ${'PRIVATE'} KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${body}\n`,
    ],
    ['a key inside a string of a program', `'-----BEGIN ${'PRIVATE'} KEY-----\\n' + '${body}'`],
    ['a PuTTY key', `Private-Lines: 1\n${body}\n`],
  ])('%s is recognised', (_name, text) => expect(rules.holdsPrivateKey(text)).toBe(true));

  test('the mere name of a key format is not a key', () => {
    expect(rules.holdsPrivateKey("const first = '-----BEGIN OPENSSH PRIVATE KEY-----';\nconst last = 1;")).toBe(false);
  });
});
