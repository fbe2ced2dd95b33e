/** Holds the documents to the code: error codes both ways, and every example in the README is read by what it is for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parse } from 'yaml';
import { parseConfig, printSettings } from '../bin/config.ts';
import { defaultSettings } from '../bin/settings.ts';
import { refusals } from '../server/admission/refusals.ts';
import { limits } from '../server/limits/limit-names.ts';
import { errorCodes } from '../transport/errors.ts';
import { parityRows } from './interop/parity-rows.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');

/** The text of each code block of `language`, in the order of the page. */
const blocks = (markdown: string, language: string): string[] =>
  Array.from(markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm')), match => match[1] ?? '');

const codesIn = (markdown: string): string[] =>
  Array.from(markdown.matchAll(/^\| `(ERR_\w+)` \|/gm), match => match[1] ?? '');

/** What the compiler says of programs that import nacre by its public names; all at once, because it reads all of nacre. */
function complaintsAbout(...texts: readonly string[]): string[] {
  const examples = new Map(texts.map((text, index) => [`${root}example${index}.ts`, text]));
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, path => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, paths: { 'nacre/*': ['./*/index.ts'] } },
    root,
  );
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = name => examples.has(name) || disk.fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const text = examples.get(name);
    return text === undefined
      ? disk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...examples.keys()], options, host);
  const diagnostics = [...examples.keys()].flatMap(file =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)),
  );
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('docs/errors.md lists every error code, and no other', () => {
  expect(codesIn(read('docs/errors.md'))).toEqual([...errorCodes]);
});

/** The cells of each row of the tables under `heading` (the page's own, if it is ''), up to the next heading. */
function rowsUnder(markdown: string, heading: string): string[][] {
  const [, part = ''] = heading === '' ? [markdown, markdown.split('\n## ')[0]] : markdown.split(`\n## ${heading}\n`);
  const [section = ''] = part.split('\n## ');
  const lines = section.split('\n').filter(line => line.startsWith('| `'));
  return lines.map(line =>
    line
      .slice(2, -1)
      .split(' | ')
      .map(cell => cell.trim()),
  );
}

const code = (text: string): string => `\`${text}\``;

describe('docs/events.md', () => {
  const page = read('docs/events.md');

  test('has every event that a server reports, and no other', () => {
    const sources = read('server/events.ts') + read('transport/process/host/process-host.ts').split('export class')[0];
    const events = Array.from(sources.matchAll(/readonly event: '([a-z-]+)'/g), match => code(match[1] ?? ''));
    expect(
      rowsUnder(page, '')
        .map(([event]) => event)
        .sort(),
    ).toEqual(events.sort());
  });

  const tables: Array<[heading: string, table: Readonly<Record<string, { means: string; says: string }>>]> = [
    ['Refused before any SSH', refusals],
    ['Limits of a connection', limits],
  ];
  test.each(tables)('%s: every code, with its meaning and what the client is told', (heading, table) => {
    const rows = Object.entries(table).map(([name, { means, says }]) => [code(name), means, says]);
    expect(rowsUnder(page, heading).map(([name, means, says = '']) => [name, means, says])).toEqual(rows);
  });
});

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');

  test('has every setting with its default, in the order of --print-config', () => {
    expect(rowsUnder(page, '').map(([name, value]) => [name, value])).toEqual(
      settingsIn(parse(printSettings(defaultSettings))).map(([name, value]) => [code(name), code(written(value))]),
    );
  });

  test('gives every setting a meaning', () => {
    for (const [name, , meaning = ''] of rowsUnder(page, ''))
      expect([name, meaning]).toEqual([name, expect.stringMatching(/\.$/)]);
  });

  test('its example is one that nacre serve takes', () => {
    for (const example of blocks(page, 'yaml')) expect(() => parseConfig(example, 'page')).not.toThrow();
  });

  function settingsIn(value: unknown, path = ''): Array<[name: string, value: unknown]> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
    if (path !== '' && Object.keys(value).length === 0) return [[path, '{}']];
    return Object.entries(value).flatMap(([name, inner]) => settingsIn(inner, path === '' ? name : `${path}.${name}`));
  }

  const written = (value: unknown): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));
});

test('every configuration example of docs/accounts.md is one that nacre serve takes', () => {
  const examples = blocks(read('docs/accounts.md'), 'yaml');
  expect(examples.length).toBe(2);
  for (const example of examples) expect(() => parseConfig(example, 'page')).not.toThrow();
});

test('docs/accounts.md has every behaviour in which sessions differ from sshd’s, and why', () => {
  const [, page = ''] = read('docs/accounts.md').split("\n## Where sessions differ from sshd's\n");
  const rows = (page.split('\n## ')[0] ?? '').split('\n').filter(line => /^\| (?!behaviour|---)/.test(line));
  expect(rows).toEqual(
    parityRows.flatMap(({ behaviour, differs }) => (differs ? [`| ${behaviour} | ${differs.why} |`] : [])),
  );
});

describe('README.md', () => {
  const readme = read('README.md');

  test('every TypeScript example compiles against the public names', () => {
    const examples = blocks(readme, 'ts');
    expect(examples.length).toBeGreaterThan(0);
    expect(complaintsAbout(...examples)).toEqual([]);
  }, 300_000);

  test('an example with a mistake would not compile', () => {
    expect(complaintsAbout(`import { listen } from 'nacre/server'; await listen({}, 7);`)).not.toEqual([]);
  }, 300_000);

  test('every configuration example is one that nacre serve takes', () => {
    const examples = blocks(readme, 'yaml');
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(() => parseConfig(example, 'README.md')).not.toThrow();
  });

  test('every flag that it names is one that nacre serve or nacre keygen knows', () => {
    const commands = read('bin/commands/serve.ts') + read('bin/commands/keygen.ts');
    const flags = Array.from(readme.matchAll(/(?<=[ `])--[a-z][a-z-]+/g), match => match[0]);
    expect(flags.filter(flag => flag !== '--help' && !commands.includes(flag))).toEqual([]);
  });

  test('every file that it links to exists', () => {
    const links = Array.from(readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g), match => match[1] ?? '');
    for (const link of links) expect(read(link).length).toBeGreaterThan(0);
  });
});
