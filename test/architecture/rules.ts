/**
 * The rules of ARCHITECTURE.md, each a pure function from files and tables to a list of complaints.
 *
 * Nothing here reads the disk, so architecture.test.ts can show each rule a file that breaks it.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { isOnlyReExports, specifiersOf, type SourceFile } from './source.ts';
import type { Tables } from './tables.ts';

export interface House {
  readonly tables: Tables;
  /** Every TypeScript file of the floors and of `test/`. */
  readonly files: readonly SourceFile[];
  /** The files of `native/`. */
  readonly addon: readonly SourceFile[];
  /** Names under `dependencies` in package.json. */
  readonly dependencies: readonly string[];
  /** Source files behind package.json `exports`. */
  readonly indexes: readonly string[];
}

type Rule = (house: House) => string[];

const longestFile = 200;
const longestIndex = 60;

const folderOf = (path: string): string => path.split('/')[0] ?? '';
const notShipped = new Set(['test', 'examples', 'bench']);
const isShipped = (file: SourceFile): boolean => !notShipped.has(folderOf(file.path));
const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const resolve = (from: SourceFile, specifier: string): string => posix.join(posix.dirname(from.path), specifier);
const linesIn = (file: SourceFile): number => file.text.trimEnd().split('\n').length;
const literal = (specifier: string | null): specifier is string => specifier !== null;

/** `ssh2/lib/x` → `ssh2`, `@scope/name/x` → `@scope/name`. */
const packageOf = (specifier: string): string => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

/** One entry per relative or package import of each shipped file. */
const shippedImports = (house: House): Array<{ file: SourceFile; specifier: string }> =>
  house.files.filter(isShipped).flatMap(file =>
    specifiersOf(file)
      .filter(literal)
      .map(specifier => ({ file, specifier })),
  );

/** Every folder of shipped code has a row, and every row has a folder. */
export const floorsAreListed: Rule = ({ files, tables }) => {
  const folders = new Set(files.filter(isShipped).map(file => folderOf(file.path)));
  return [
    ...[...folders]
      .filter(folder => !tables.floors.has(folder))
      .map(folder => `${folder}/ is in no row of the floor table`),
    ...[...tables.floors.keys()]
      .filter(folder => !folders.has(folder))
      .map(folder => `${folder}/ has a row but no files`),
  ];
};

export const importsGoDown: Rule = house =>
  shippedImports(house)
    .filter(({ specifier }) => isRelative(specifier))
    .filter(({ file, specifier }) => {
      const [here, there] = [folderOf(file.path), folderOf(resolve(file, specifier))];
      return here !== there && !house.tables.floors.get(here)?.includes(there);
    })
    .map(({ file, specifier }) => `${file.path} imports ${resolve(file, specifier)}`);

export const noTestHelpersShipped: Rule = house =>
  shippedImports(house)
    .filter(({ file, specifier }) => isRelative(specifier) && folderOf(resolve(file, specifier)) === 'test')
    .map(({ file, specifier }) => `${file.path} imports the test file ${resolve(file, specifier)}`);

/** Shipped code loads only itself (`#`: package.json, "imports"), Node's own modules and packages installed with it. */
export const onlyDependencies: Rule = ({ dependencies, ...house }) =>
  shippedImports({ dependencies, ...house })
    .filter(
      ({ specifier }) =>
        !isRelative(specifier) &&
        !specifier.startsWith('#') &&
        !isBuiltin(specifier) &&
        !dependencies.includes(packageOf(specifier)),
    )
    .map(({ file, specifier }) => `${file.path} imports ${specifier}, which is not in "dependencies"`);

const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);

export const librariesAreConfined: Rule = house =>
  shippedImports(house)
    .filter(({ file, specifier }) => {
      const home = house.tables.libraries.get(packageOf(specifier));
      return home !== undefined && !isAt(file.path, home);
    })
    .map(({ file, specifier }) => `${file.path} imports ${specifier}`);

/** A computed specifier could be anything, so it may stand only where a library is at home. */
export const importsAreReadable: Rule = ({ files, tables }) =>
  files
    .filter(isShipped)
    .filter(
      file => specifiersOf(file).includes(null) && ![...tables.libraries.values()].some(home => isAt(file.path, home)),
    )
    .map(file => `${file.path} loads a module whose name is computed`);

const isAt = (path: string, home: string): boolean => (home.endsWith('/') ? path.startsWith(home) : path === home);

/** Complains once per circle, naming the files on it in order. */
export const noCycles: Rule = ({ files }) => {
  const graph = new Map(files.map(file => [file.path, relativeTargets(file)]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    else if (!finished.has(path)) for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return cycles;
};

const relativeTargets = (file: SourceFile): string[] =>
  specifiersOf(file)
    .filter(literal)
    .filter(isRelative)
    .map(specifier => resolve(file, specifier));

/** The first thing in a file says what the file is for. */
export const filesSayWhatTheyAreFor: Rule = ({ files }) =>
  files
    .filter(file => !/^(#!.*\n)?\/\*\*?\s*\S/.test(file.text))
    .map(file => `${file.path} does not open with a block comment`);

export const longFilesHaveAReason: Rule = ({ files, addon, tables }) => {
  const long = new Map(
    [...files.filter(isShipped), ...addon]
      .filter(file => linesIn(file) > longestFile)
      .map(file => [file.path, linesIn(file)]),
  );
  return [
    ...[...long]
      .filter(([path]) => !tables.longFiles.get(path))
      .map(([path, lines]) => `${path} has ${lines} lines and no reason`),
    ...[...tables.longFiles.keys()].filter(path => !long.has(path)).map(path => `${path} is listed but is not long`),
  ];
};

/** A public index is one page that passes on names, and no more. */
export const indexesAreOnePage: Rule = ({ files, indexes }) =>
  indexes.flatMap(path => {
    const file = files.find(candidate => candidate.path === path);
    if (!file) return [`${path} is in package.json "exports" but does not exist`];
    return [
      ...(linesIn(file) > longestIndex ? [`${path} has ${linesIn(file)} lines`] : []),
      ...(isOnlyReExports(file) ? [] : [`${path} does more than re-export`]),
    ];
  });

/** A private key itself, in OpenSSH, PKCS or PuTTY form; a mention of its first line is not one. */
export const holdsPrivateKey = (text: string): boolean =>
  /BEGIN [A-Z0-9 ]*PRIVATE KEY-----["'`+,\s\\nr]*([A-Za-z-]+: [^\n]*\n+)*["'`+,\s\\nr]*[A-Za-z0-9+/]{40}/.test(text) ||
  /^Private-Lines: \d+\r?\n[A-Za-z0-9+/]{40}/m.test(text);
