/** Golden cases of Twisted's formatted text: spans with the same attributes, written by us and looked at on a screen. */
import { describe, expect, test } from '@jest/globals';
import { styledString, type Span } from '../../terminal/line/styled-text.ts';
import { ScreenBuffer } from '../../terminal/screen/screen-buffer.ts';
import type { Colour, Style } from '../../terminal/output/index.ts';
import { textDifferences } from './text-differences.ts';
import { isDifferent, judge, loadCases, type Log } from './vectors.ts';

interface Case {
  readonly name: string;
  readonly out?: string;
  readonly raises?: unknown;
}

const attributes: Readonly<Record<string, Style>> = {
  normal: {},
  bold: { bold: true },
  underline: { underline: true },
  blink: { blink: true },
  reverseVideo: { inverse: true },
};

/** Twisted's expression in Python, as spans of ours. Throws where there is no such attribute. */
function spansOf(expression: string): Span[] {
  const attribute = /^(-?)A\.(?:(fg|bg)\.)?(\w+)\[/;
  const read = (rest: string, style: Style): [Span[], string] => {
    const [opening, minus = '', ground, name = ''] = attribute.exec(rest) ?? [];
    const [, quoted, content = ''] = /^('([^']*)')/.exec(rest) ?? [];
    if (opening === undefined) {
      if (quoted === undefined) throw new Error(`there is no ${rest}`);
      return [[{ text: content, style }], rest.slice(quoted.length)];
    }
    const own: Style | undefined =
      ground === 'fg'
        ? { foreground: name as Colour }
        : ground === 'bg'
          ? { background: name as Colour }
          : attributes[name];
    if (!own) throw new Error(`there is no ${name}`);
    const off = Object.fromEntries(Object.keys(own).map(key => [key, false]));
    const spans: Span[] = [];
    let left = rest.slice(opening.length);
    while (!left.startsWith(']')) {
      const [inner, after] = read(left.replace(/^, /, ''), minus ? { ...style, ...off } : { ...style, ...own });
      spans.push(...inner);
      left = after;
    }
    return [spans, left.slice(1)];
  };
  return read(expression, {})[0];
}

/** What a screen shows of it: the text, and each place's style. */
function shown(written: string): Log {
  using screen = new ScreenBuffer({ columns: 40, rows: 2 });
  screen.write(written);
  const styles = Array.from({ length: screen.text.length }, (_, column) =>
    JSON.stringify(screen.cell(column, 0).style),
  );
  return [screen.text, ...styles];
}

function ours(name: string): Log {
  try {
    return shown(styledString(spansOf(name)));
  } catch {
    return ['raises'];
  }
}

const cases = loadCases<Case>('text.json').map(each => ({ ...each, name: each.name.replace(/ raises$/, '') }));

describe('formatted text looks', () => {
  test.each(cases.map(golden => [golden.name, golden] as const))('%s', (name, { out, raises }) =>
    judge(name, { twisted: raises ? ['raises'] : shown(out ?? ''), ours: ours(name) }, textDifferences),
  );
});

test('so many match, and in so many we differ', () => {
  const differ = cases.filter(({ name }) => isDifferent(textDifferences, name)).length;
  expect({ match: cases.length - differ, differ }).toEqual({ match: 20, differ: 5 });
});

test('the end is plain, transitions are as short as they can be, and nothing in the text is obeyed', () => {
  const bold = { bold: true } as const;
  expect(
    styledString([
      { text: 'a', style: bold },
      { text: '\x1b[31mb\x07', style: { ...bold, foreground: 'red' } },
      { text: '', style: { inverse: true } },
      { text: 'c\n' },
    ]),
  ).toBe('\x1b[1ma\x1b[31m[31mb\x1b[mc\n');
  expect(styledString([{ text: 'a', style: bold }])).toBe('\x1b[1ma\x1b[m');
  expect(styledString('plain')).toBe('plain');
});
