/** Golden cases of what Twisted's ClientProtocol makes of a program's bytes, played on our decoder. */
import { describe, expect, test } from '@jest/globals';
import * as out from '../../terminal/output/index.ts';
import { told, type Told } from '../terminal/client/output-log.ts';
import { clientDifferences } from './client-differences.ts';
import { bytesOf, isDifferent, judge, loadCases, type Log } from './vectors.ts';

type Value = number | string | boolean | null | { readonly b: string } | readonly Value[];
type Call = readonly [name: string, ...values: Value[]];

interface Case {
  readonly name: string;
  readonly input?: readonly string[];
  /** Of a round trip: what the terminal transport made of the calls. */
  readonly wire?: string;
  readonly calls: readonly Call[];
  readonly raises?: unknown;
}

/** Twisted's names, as ours. */
const ourNames: Readonly<Record<string, string>> = {
  horizontalTabulationSet: 'setTabStop',
  setScrollRegion: 'scrollRegion',
  reportCursorPosition: 'asks cursorPosition',
  CS_US: 'us',
  CS_UK: 'uk',
  CS_DRAWING: 'line-drawing',
  CS_ALTERNATE: 'alternate',
  CS_ALTERNATE_SPECIAL: 'alternate-special',
};

const escaped = (sequence: string): string => sequence.replaceAll('\x1b', 'ESC ');
const modeNumbers: Readonly<Record<string, number>> = { ...out.privateModes, ...out.modes };

function shownValue(value: Value): string {
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(shownValue).join()}]`;
  if (typeof value === 'object' && value !== null && 'b' in value) {
    const name = bytesOf(value).toString('latin1');
    return ourNames[name] ?? name;
  }
  return typeof value === 'string' ? String(modeNumbers[value] ?? value) : JSON.stringify(value);
}

/** A call of Twisted's, in our words. Runs of text are one, as in ours. */
function twisted({ calls, raises }: Case): Log {
  const lines: string[] = [];
  for (const [name, ...values] of calls) {
    const [first] = values;
    const said = values.map(shownValue).join();
    const last = lines.at(-1) ?? '';
    if (name === 'write' && last.startsWith('write ')) lines.splice(-1, 1, `${last}${said}`);
    else if (name === 'write') lines.push(`write ${said}`);
    else if (name === 'setScrollRegion' && first === null) lines.push('resetScrollRegion');
    else if (name === 'setScrollRegion') lines.push(`scrollRegion ${Number(first) - 1},${Number(values[1]) - 1}`);
    else if (name === 'doubleHeightLine') lines.push(`${name} ${first === true ? 'top' : 'bottom'}`);
    else if (name === 'cursorBackward' && first === undefined) lines.push('cursorBackward 1');
    else if (name === 'unhandledControlSequence') lines.push(`unhandled ${escaped(said)}`);
    else lines.push(`${ourNames[name] ?? name} ${said}`.trim());
  }
  return [...lines, ...(raises ? ['raises'] : [])];
}

function line(each: Told): string {
  if ('text' in each) return `write ${each.text}`;
  if ('unhandled' in each) return `unhandled ${escaped(each.unhandled)}`;
  if ('about' in each) return `asks ${each.about}`;
  return `${each.name} ${(each.values as readonly Value[]).map(shownValue).join()}`.trim();
}

const cases = loadCases<Case>('client.json');
const played = cases.filter(({ input, wire }) => input !== undefined || wire !== undefined);

function ours({ input, wire = '' }: Case): Log {
  return told((input ?? [wire]).map(piece => Buffer.from(piece, 'hex'))).map(line);
}

describe('what a program does to a terminal', () => {
  test.each(played.map(golden => [golden.name, golden] as const))('%s', (name, golden) =>
    judge(name, { twisted: twisted(golden), ours: ours(golden) }, clientDifferences),
  );
});

test('so many match, and in so many we differ', () => {
  const differ = played.filter(({ name }) => isDifferent(clientDifferences, name)).length;
  expect({ match: played.length - differ, differ }).toEqual({ match: 250, differ: 121 });
});

test('those that are not played turn columns and rows around in answers: client-terminal.test.ts says that ours do not', () => {
  const names = cases.filter(each => !played.includes(each)).map(({ name }) => name);
  expect(names.filter(name => !name.startsWith('CPR loop transposes x,y'))).toEqual([]);
});
