/** The tables of ARCHITECTURE.md as values. A table that cannot be found is an error: a rule must not vanish quietly. */

export interface Tables {
  /** Folder → the folders that it may import from, besides itself. */
  readonly floors: ReadonlyMap<string, readonly string[]>;
  /** Library → the file, or the folder with a slash at its end, that alone may import it. */
  readonly libraries: ReadonlyMap<string, string>;
  /** Files that may be longer than 200 lines, each with a reason. */
  readonly longFiles: ReadonlyMap<string, string>;
}

export function readTables(markdown: string): Tables {
  return {
    floors: new Map(rowsUnder(markdown, 'Floors').map(row => [code(row[1]), allCode(row[3])])),
    libraries: new Map(rowsUnder(markdown, 'Libraries').map(row => [code(row[0]), code(row[1])])),
    longFiles: new Map(rowsUnder(markdown, 'Long files').map(row => [code(row[0]), row[1] ?? ''])),
  };
}

/** The body rows, as cells, of the first table under `## heading`. */
function rowsUnder(markdown: string, heading: string): string[][] {
  const section = markdown.split(/^## /m).find(part => part.startsWith(`${heading}\n`));
  const lines = section?.split('\n').filter(line => line.startsWith('|')) ?? [];
  if (lines.length < 2) throw new Error(`ARCHITECTURE.md has no table under "## ${heading}"`);
  return lines.slice(2).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}

const allCode = (cell = ''): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), match => match[1] ?? '');

function code(cell = ''): string {
  const [first] = allCode(cell);
  if (first === undefined) throw new Error(`ARCHITECTURE.md: expected a name in backticks, got "${cell}"`);
  return first;
}
