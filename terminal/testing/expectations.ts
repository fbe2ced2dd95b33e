/** What a test says of a screen, and how it hears that it is not so: AssertionErrors, with the screen in them. */
import { AssertionError } from 'node:assert';
import type { Style } from '../output/style.ts';
import type { ScreenBuffer } from '../screen/screen-buffer.ts';
import { findIn, framed, patternText } from '../screen/waits.ts';

/** All the rows, or what is somewhere on them. */
export type ExpectedScreen = string | readonly string[] | RegExp;

export interface Place {
  readonly column: number;
  readonly row: number;
}

/** Empty ends of rows, empty rows at the end, and the indentation of a template in a test count for nothing. */
export function expectScreen(screen: ScreenBuffer, expected: ExpectedScreen): void {
  const actual = withoutEnds(screen.text);
  if (expected instanceof RegExp) {
    if (findIn(screen.text, expected)) return;
    throw new AssertionError({
      message: shows(screen, `not ${patternText(expected)}`),
      actual,
      expected,
      operator: 'match',
    });
  }
  const wanted = withoutEnds(typeof expected === 'string' ? unindented(expected) : expected.join('\n'));
  if (actual === wanted) return;
  const message = `${shows(screen, 'this')}\nexpected was\n${framed(wanted)}`;
  throw new AssertionError({ message, actual, expected: wanted, operator: 'strictEqual' });
}

/** Every place of `text`, wherever it stands first, has at least this of a style. `underline: true` is any underline. */
export function expectStyle(screen: ScreenBuffer, text: string, style: Style): void {
  const { column, row } = placeOf(screen, text);
  for (const actual of stylesOf(screen, text, { column, row })) {
    const [name] = Object.entries(style).find(([key, value]) => !isStyle(actual, key, value)) ?? [];
    if (name === undefined) continue;
    const message = shows(screen, `${JSON.stringify(text)} in row ${row} with another ${name}`);
    throw new AssertionError({ message, actual, expected: style, operator: 'deepEqual' });
  }
}

/** Where `text` stands first. Throws AssertionError when it does not. */
export function placeOf(screen: ScreenBuffer, text: string): Place {
  for (let row = 0; row < screen.height; row += 1) {
    for (let column = 0; column < screen.columns; column += 1) {
      if (textFrom(screen, { column, row }, text.length).startsWith(text)) return { column, row };
    }
  }
  throw new AssertionError({
    message: shows(screen, `no ${JSON.stringify(text)}`),
    actual: screen.text,
    expected: text,
    operator: 'match',
  });
}

const shows = (screen: ScreenBuffer, what: string): string => `the screen shows ${what}:\n${framed(screen.text)}`;

const withoutEnds = (text: string): string => text.replace(/[ \t]+$/gm, '').replace(/\n+$/, '');

/** A text that begins with a line end is a template of a test: it may stand as far in as the code does. */
function unindented(text: string): string {
  if (!text.startsWith('\n')) return text;
  const lines = text.slice(1).split('\n');
  const indents = lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map(line => line.slice(indent)).join('\n');
}

/** The text of a row from a place on, at least `length` long if there is so much. A second half has none. */
function textFrom(screen: ScreenBuffer, { column, row }: Place, length: number): string {
  let text = '';
  for (let at = column; at < screen.columns && text.length < length; at += 1) {
    const { text: here, width } = screen.cell(at, row);
    text += width === 0 ? here : here || ' ';
  }
  return text;
}

function stylesOf(screen: ScreenBuffer, text: string, { column, row }: Place): Style[] {
  const styles: Style[] = [];
  let seen = '';
  for (let at = column; seen.length < text.length; at += 1) {
    const { text: here, width, style } = screen.cell(at, row);
    seen += width === 0 ? here : here || ' ';
    styles.push(style);
  }
  return styles;
}

function isStyle(actual: Style, key: string, value: unknown): boolean {
  const seen: unknown = Object.entries(actual).find(([name]) => name === key)?.[1];
  if (key === 'underline' && value === true) return seen !== undefined;
  return value === false ? seen === undefined : seen === value;
}
