/** Golden cases of Twisted's widgets, as far as they are about what a widget holds, tells and wraps: looks are ours. */
import { describe, expect, test } from '@jest/globals';
import { keystroke, type Keystroke } from '../../terminal/keystroke.ts';
import { Button, Label, List, TextField, type Widget } from '../../terminal/widgets/index.ts';
import { openApp } from '../terminal/widgets/app-lab.ts';
import { windowDifferences } from './window-differences.ts';
import { bytesOf, isDifferent, judge, loadCases, type Log } from './vectors.ts';

interface Step {
  readonly op: string;
  readonly args: ReadonlyArray<{ readonly b: string } | { readonly key: string }>;
  readonly events?: ReadonlyArray<readonly [string, ...unknown[]]>;
  readonly buffer?: { readonly b: string };
  readonly focusedIndex?: number;
  readonly screen?: readonly string[];
  readonly raises?: { readonly type: string };
}

interface Case {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly steps: readonly Step[];
}

/** The widget of a case, and what it holds. */
interface Subject {
  readonly widget: Widget;
  readonly holds: () => string;
}

const subjects: Readonly<Record<string, (tell: (event: string) => void) => Subject>> = {
  Button: tell => ({ widget: new Button('OK', () => tell('pressed')), holds: () => '' }),
  TextInput: () => {
    const widget = new TextField({ most: 8 });
    return { widget, holds: () => `text ${widget.value}` };
  },
  Selection: tell => {
    const items = ['one', 'two', 'three', 'four', 'five'];
    const widget = new List(items, { onChoose: index => tell(`selected ${items[index]}`) });
    return { widget, holds: () => `row ${widget.selected}` };
  },
};

const names: Readonly<Record<string, string>> = {
  UP_ARROW: 'up',
  DOWN_ARROW: 'down',
  LEFT_ARROW: 'left',
  RIGHT_ARROW: 'right',
  PGUP: 'pageUp',
  PGDN: 'pageDown',
};
const controls: Readonly<Record<string, string>> = { '\r': 'enter', '\t': 'tab', '\x7f': 'backspace' };

function strokeOf(argument: Step['args'][number] | undefined): Keystroke {
  if (argument && 'key' in argument) return keystroke(names[argument.key] ?? argument.key);
  const character = argument ? bytesOf(argument).toString('latin1') : '';
  return controls[character] ? keystroke(controls[character]) : keystroke(character, { text: character });
}

const kindOf = ({ name }: Case): string => /^\w+/.exec(name)?.[0] ?? '';

function twisted({ steps }: Case): Log {
  return steps.flatMap(({ op, events = [], raises, buffer, focusedIndex }) => {
    if (op !== 'key') return [];
    const told = events.map(([event, value]) =>
      value ? `${event} ${bytesOf(value as { b: string }).toString()}` : event,
    );
    const holds = buffer
      ? `text ${bytesOf(buffer).toString()}`
      : focusedIndex === undefined
        ? ''
        : `row ${focusedIndex}`;
    return [...told, ...(raises ? ['passes it on'] : []), holds];
  });
}

function ours(golden: Case): Log {
  const log: string[] = [];
  const { widget, holds } = subjects[kindOf(golden)]!(event => log.push(event));
  openApp(widget, golden.width, golden.height);
  for (const { op, args } of golden.steps) {
    if (op !== 'key') continue;
    const stroke = strokeOf(args[0]);
    if (!widget.keystrokeReceived(stroke) && stroke.key === 'tab') log.push('passes it on');
    log.push(holds());
  }
  return log;
}

const cases = loadCases<Case>('window.json');
const played = cases.filter(each => Object.hasOwn(subjects, kindOf(each)));

describe('a widget does', () => {
  test.each(played.map(golden => [golden.name, golden] as const))('%s', (name, golden) =>
    judge(name, { twisted: twisted(golden), ours: ours(golden) }, windowDifferences),
  );
});

test('text that is wrapped breaks at the same places', () => {
  const { width, height, steps } = cases.find(({ name }) => name === 'TextOutputArea wraps')!;
  const [text, drawn] = steps;
  const label = new Label(bytesOf(text!.args[0] as { b: string }).toString());
  expect(openApp(label, width, height).look()).toEqual(drawn!.screen);
});

test('so many match, and in so many we differ', () => {
  const differ = played.filter(({ name }) => isDifferent(windowDifferences, name)).length;
  expect({ match: played.length - differ, differ }).toEqual({ match: 5, differ: 3 });
});

test('those that are not played record faults, or how Twisted’s own widgets look and are nested', () => {
  const rest = cases.filter(each => !played.includes(each) && each.name !== 'TextOutputArea wraps');
  expect(rest.map(({ name }) => name)).toEqual([
    'PasswordInput unfocused raises (str/bytes)',
    'TextOutputArea truncates',
    'Canvas constructor',
    'HBox draw and focus cycling',
    'empty HBox',
    'ScrolledArea',
    'HorizontalScrollbar',
    'VerticalScrollbar',
    'AbsoluteBox: addChild stores bare widgets, so moveChild and draw raise',
    'TopWindow schedules one paint until it runs; focus wraps',
  ]);
});
