/** Holds the documents to the code: error codes both ways, and every example in the README is read by what it is for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parseConfig } from '../bin/config.ts';
import { errorCodes } from '../transport/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(root + path, 'utf8');

/** The text of each code block of `language`, in the order of the page. */
const blocks = (markdown: string, language: string): string[] =>
  Array.from(markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm')), match => match[1] ?? '');

const codesIn = (markdown: string): string[] =>
  Array.from(markdown.matchAll(/^\| `(ERR_\w+)` \|/gm), match => match[1] ?? '');

/** What the compiler says of `text` as a program that imports nacre by its public names. */
function complaintsAbout(text: string): string[] {
  const file = `${root}example.ts`;
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, path => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, paths: { 'nacre/*': ['./*/index.ts'] } },
    root,
  );
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = name => name === file || disk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : disk.getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('docs/errors.md lists every error code, and no other', () => {
  expect(codesIn(read('docs/errors.md'))).toEqual([...errorCodes]);
});

describe('README.md', () => {
  const readme = read('README.md');

  test('every TypeScript example compiles against the public names', () => {
    const examples = blocks(readme, 'ts');
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.flatMap(complaintsAbout)).toEqual([]);
  }, 60_000);

  test('an example with a mistake would not compile', () => {
    expect(complaintsAbout(`import { listen } from 'nacre/server'; await listen({}, 7);`)).not.toEqual([]);
  }, 60_000);

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
