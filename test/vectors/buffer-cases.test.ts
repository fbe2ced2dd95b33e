/** Golden cases of what Twisted's TerminalBuffer shows, played on our screen. */
import { describe, test } from '@jest/globals';
import { Newlines } from '../../terminal/newlines.ts';
import * as out from '../../terminal/output/index.ts';
import { ScreenBuffer } from '../../terminal/screen/screen-buffer.ts';
import { bufferDifferences } from './buffer-differences.ts';
import { bytesOf, judge, loadCases, type Log } from './vectors.ts';

type Argument = number | string | readonly number[] | { readonly b: string };

interface Result {
  readonly rows: readonly string[];
  readonly attrs: ReadonlyArray<readonly [row: number, from: number, to: number, style: object]>;
  readonly x: number;
  readonly y: number;
  readonly modes: readonly number[];
  readonly privateModes: readonly number[];
}

interface Case {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly calls?: ReadonlyArray<readonly [string, ...Argument[]]>;
  readonly input?: string;
  readonly raises?: unknown;
  readonly returns?: unknown;
  readonly result: Result;
}

/** Twisted's names that are not ours. */
const operations: Readonly<Record<string, unknown>> = {
  ...out,
  horizontalTabulationSet: out.setTabStop,
  tabulationClearAll: out.clearAllTabStops,
  selectGraphicRendition: (...parameters: (string | number)[]) =>
    out.selectGraphicRendition(...(parameters as number[])),
  selectCharacterSet: () => out.selectCharacterSet('line-drawing', 'G1'),
  reportCursorPosition: out.requestCursorPosition,
  writeSequence: () => 'a',
};

function played({ width, height, calls = [], input }: Case): Log {
  using screen = new ScreenBuffer({ columns: width, rows: height });
  const newlines = new Newlines();
  const raised: string[] = [];
  if (input !== undefined) screen.write(Buffer.from(input, 'hex'));
  for (const [name, ...values] of calls) {
    const [first] = values;
    try {
      if (name === 'write') screen.write(newlines.convert(bytesOf(first as { b: string })));
      else screen.write((operations[name] as (...values: readonly Argument[]) => string)(...values));
    } catch {
      raised.push('raises');
    }
  }
  return [...raised, ...shownBy(screen)];
}

function shownBy(screen: ScreenBuffer): Log {
  const { column, row } = screen.cursor;
  const { insert, cursorKeys, autoWrap, cursor } = screen.modes;
  const styles = screen
    .snapshot()
    .rows.flatMap((cells, y) =>
      cells.flatMap(({ style }, x) => (Object.keys(style).length > 0 ? [`${x},${y} ${JSON.stringify(style)}`] : [])),
    );
  return [
    `rows ${JSON.stringify(screen.text.split('\n'))}`,
    `cursor ${column},${row}`,
    ...styles,
    `modes ${JSON.stringify(insert ? [4] : [])}`,
    `private modes ${JSON.stringify([cursorKeys && 1, autoWrap && 7, cursor.visible && 25].filter(Boolean))}`,
  ];
}

const styleNames: Readonly<Record<string, string>> = { fg: 'foreground', bg: 'background', reverse: 'inverse' };
const renamed = (style: object): object =>
  Object.fromEntries(Object.entries(style).map(([name, value]) => [styleNames[name] ?? name, value as unknown]));

function twisted({ result, raises }: Case): Log {
  const { rows, attrs, x, y, modes, privateModes } = result;
  const styles = attrs.flatMap(([row, from, to, style]) =>
    Array.from({ length: to - from }, (_, place) => `${from + place},${row} ${JSON.stringify(renamed(style))}`),
  );
  return [
    ...(raises ? ['raises'] : []),
    `rows ${JSON.stringify(rows.length > 0 ? rows : [''])}`,
    `cursor ${x},${y}`,
    ...styles,
    `modes ${JSON.stringify(modes)}`,
    `private modes ${JSON.stringify(privateModes.filter(mode => [1, 7, 25].includes(mode)))}`,
  ];
}

describe('the screen shows what Twisted shows, or what a list says', () => {
  test.each(loadCases<Case>('buffer.json').map(golden => [golden.name, golden] as const))('%s', (name, golden) =>
    judge(name, { twisted: twisted(golden), ours: played(golden) }, bufferDifferences),
  );
});
