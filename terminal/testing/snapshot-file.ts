/**
 * Screens kept in files beside a test: the first run writes them, later ones compare.
 *
 * `UPDATE_SNAPSHOTS=1` writes them anew. Where `CI` is set a file that is missing is a failure, for nobody would look at it.
 */
import { AssertionError } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScreenBuffer } from '../screen/screen-buffer.ts';
import { framed } from '../screen/waits.ts';

/** How a screen is written, by the end of the file's name. Text is for the rest. */
const forms: Readonly<Record<string, (screen: ScreenBuffer) => string>> = {
  svg: screen => screen.toSvg(),
  html: screen => screen.toHtml(),
  json: screen => `${JSON.stringify(screen.snapshot(), undefined, 1)}\n`,
};

const asText = (screen: ScreenBuffer): string => `${framed(screen.text)}\n`;

export function compareWithFile(screen: ScreenBuffer, file: string | URL): void {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const actual = (forms[/[^.]*$/.exec(path)?.[0] ?? ''] ?? asText)(screen);
  if (process.env['UPDATE_SNAPSHOTS'] || (!existsSync(path) && !process.env['CI'])) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (actual === expected) return;
  const message =
    expected === undefined
      ? `${path} is missing; run the test once where CI is not set`
      : `the screen is not the one in ${path}; UPDATE_SNAPSHOTS=1 keeps it:\n${framed(screen.text)}`;
  throw new AssertionError({ message, actual, expected, operator: 'strictEqual' });
}
