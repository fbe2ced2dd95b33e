/**
 * Runs the examples of docs/widgets.md: the screen under each is what it shows. `WRITE_DOCS=1` writes the screens instead,
 * after which the page is to be read again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { expect, test } from '@jest/globals';
import * as drawing from '../../../terminal/drawing/index.ts';
import * as widgets from '../../../terminal/widgets/index.ts';
import { openApp } from './app-lab.ts';

const page = new URL('../../../docs/widgets.md', import.meta.url);
const text = readFileSync(page, 'utf8');
const names = { ...drawing, ...widgets };
const example = /^## (.*)$[^]*?^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm;

const [columns, rows] = [44, 7];

function screenOf(code: string): string {
  const make = compileFunction(`${code}\nreturn widget;`, Object.keys(names)) as (...all: unknown[]) => widgets.Widget;
  const shown = openApp(make(...Object.values(names)), columns, rows).look();
  return `${shown.join('\n').trimEnd()}\n`;
}

const examples = Array.from(text.matchAll(example), ([, title = '', code = '', screen = '']) => ({
  title,
  code,
  screen,
}));

test('the page has an example of every widget', () => {
  const shown = examples.map(({ code }) => code).join();
  const all = Object.entries(widgets).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof widgets.Widget,
  );
  expect(all.map(([name]) => name).filter(name => !shown.includes(`new ${name}(`))).toEqual([]);
});

if (process.env['WRITE_DOCS']) {
  test('writes the screens', () => {
    const written = text.replace(example, (whole, _title, code: string, screen: string) =>
      whole.replace(`\`\`\`text\n${screen}\`\`\``, () => `\`\`\`text\n${screenOf(code)}\`\`\``),
    );
    writeFileSync(page, written);
  });
} else {
  test.each(examples)('$title shows what the page says', ({ code, screen }) => {
    expect(screenOf(code)).toBe(screen);
  });
}
