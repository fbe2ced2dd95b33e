/** Each widget on a screen: how it looks, and what keys, clicks and the wheel make of it. */
import { describe, expect, test } from '@jest/globals';
import { Box } from '../../../terminal/widgets/box.ts';
import { Button } from '../../../terminal/widgets/button.ts';
import { Checkbox } from '../../../terminal/widgets/checkbox.ts';
import { Label } from '../../../terminal/widgets/label.ts';
import { List } from '../../../terminal/widgets/list.ts';
import { ProgressBar } from '../../../terminal/widgets/progress-bar.ts';
import { Spinner } from '../../../terminal/widgets/spinner.ts';
import { Columns, Rows } from '../../../terminal/widgets/stack.ts';
import { Table } from '../../../terminal/widgets/table.ts';
import { Tabs } from '../../../terminal/widgets/tabs.ts';
import { TextArea } from '../../../terminal/widgets/text-area.ts';
import { TextField } from '../../../terminal/widgets/text-field.ts';
import { themeFor, themes } from '../../../terminal/widgets/theme.ts';
import { Viewport } from '../../../terminal/widgets/viewport.ts';
import type { Widget } from '../../../terminal/widgets/widget.ts';
import { openApp } from './app-lab.ts';

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `item ${index}`);

// the widget · the size of the screen · what it shows
const looks: Array<[title: string, make: () => Widget, size: [columns: number, rows: number], rows: string[]]> = [
  ['a label wraps between words', () => new Label('hello wide world'), [10, 3], ['hello wide', 'world', '']],
  ['a label may stand right', () => new Label('ab', { align: 'right' }), [5, 1], ['   ab']],
  [
    'a box goes around, with its title',
    () => new Box(new Label('inside'), { title: 'title' }),
    [14, 3],
    ['╭─ title ────╮', '│ inside     │', '╰────────────╯'],
  ],
  ['a box too small for a border draws none', () => new Box(new Label('inside')), [5, 1], ['']],
  [
    'rows share what is left by weight',
    () =>
      new Rows([
        { widget: new Label('a'), flex: 1 },
        { widget: new Label('b'), size: 1 },
        { widget: new Label('c'), flex: 1 },
      ]),
    [3, 5],
    ['a', '', 'b', 'c', ''],
  ],
  [
    'columns have gaps',
    () => new Columns([new Label('a'), { widget: new Label('b'), size: 3 }, new Label('c')], { gap: 2 }),
    [12, 1],
    ['a  b    c'],
  ],
  ['what does not fit gets nothing', () => new Rows([new Label('a'), new Label('b')]), [3, 1], ['a']],
  ['a bar is exact to an eighth of a cell', () => new ProgressBar(0.55), [15, 1], ['█████▌────  55%']],
  ['a bar knows no more than all', () => new ProgressBar(7), [9, 1], ['████ 100%']],
  ['a bar of no number is empty', () => new ProgressBar(Number.NaN), [9, 1], ['────   0%']],
  [
    'a table has columns as wide as their texts',
    () =>
      new Table(
        [{ title: 'name' }, { title: 'size', align: 'right' }],
        [
          ['日本.txt', '12'],
          ['a', '3456'],
        ],
      ),
    [20, 3],
    [' name      size', ' 日本.txt    12', ' a         3456'],
  ],
  [
    'a long list has a mark for where one is',
    () => new List(many(8), { selected: 7 }),
    [9, 4],
    [' item 4 │', ' item 5 │', ' item 6 ┃', ' item 7 ┃'],
  ],
  ['the mark of a long list hides no text', () => new List(['long', 'longer', 'x']), [6, 2], [' long┃', ' lon…│']],
  ['a field shows what it is for', () => new TextField({ placeholder: 'your name' }), [12, 1], ['your name']],
  [
    'a field is as wide as it is told, however much room there is',
    () => new Columns([{ widget: new TextField({ columns: 3, placeholder: 'your name' }), flex: 1 }]),
    [12, 1],
    ['yo…'],
  ],
  ['a hidden field shows dots', () => new TextField({ value: '日本', hidden: true }), [12, 1], ['••']],
  ['a text area wraps anywhere', () => new TextArea({ value: 'abcdefgh\nij' }), [6, 3], ['abcde', 'fgh', 'ij']],
];

test.each(looks)('%s', (_title, make, [columns, rows], shown) => {
  expect(openApp(make(), columns, rows).look()).toEqual(shown);
});

describe('a text field', () => {
  // keys · the text · the cursor's column
  const edits: Array<[keys: string[], value: string, column: number]> = [
    [['a', 'b', 'c'], 'abc', 3],
    [['a', 'b', 'left', 'x'], 'axb', 2],
    [['a', 'b', 'home', 'delete', 'end', 'c'], 'bc', 2],
    [['日', '本', 'left', 'x'], '日x本', 3],
    [['日', 'e', '\u0301', 'backspace'], '日', 2],
    [['👩', '\u200d', '🚀', 'backspace'], '', 0],
    [['two words', 'control+w'], 'two ', 4],
    [['two words', 'control+left', 'control+k'], 'two ', 4],
    [['two words', 'control+a', 'control+right', 'control+u'], ' words', 0],
    [['two words', 'alt+backspace', 'home', 'alt+d'], ' ', 0],
    [['abc', 'control+h', 'control+b', 'control+b', 'control+f', 'x', 'control+d'], 'ax', 2],
    [['abcdefghijklmnop'], 'abcdefghijklmnop', 9],
    [['left', 'backspace', 'a'], 'a', 1],
  ];
  test.each(edits)('%j gives %j', (keys, value, column) => {
    const field = new TextField();
    const { press, screen } = openApp(field, 10, 1);
    press(...keys);
    expect([field.value, screen.cursor.column]).toEqual([value, column]);
  });

  test('scrolls, and never shows half a wide character', () => {
    const field = new TextField({ value: 'ab日本語cd' });
    const { press, look } = openApp(field, 6, 1);
    expect(look()).toEqual(['語cd']);
    expect(press('home')).toEqual(['ab日本']);
    expect(press('right', 'right', 'right', 'right')).toEqual(['b日本']);
  });

  test('takes what is pasted as one line, without what could do harm', () => {
    const field = new TextField();
    openApp(field, 20, 1).paste('a\nb\x1b[31mc\x07');
    expect(field.value).toBe('a b[31mc');
  });

  test('takes no more than it may', () => {
    const field = new TextField({ most: 3 });
    const { paste, press } = openApp(field, 20, 1);
    paste('abcdef');
    press('x', 'home', 'x');
    expect(field.value).toBe('abc');
  });

  test('a click puts the cursor there', () => {
    const field = new TextField({ value: '日本語' });
    const { click, press } = openApp(field, 20, 1);
    click(3, 0);
    press('x');
    expect(field.value).toBe('日x本語');
  });

  test('tells of changes and of Enter', () => {
    const told: string[] = [];
    const field = new TextField({ onChange: value => told.push(value), onSubmit: value => told.push(`done ${value}`) });
    openApp(field, 20, 1).press('a', 'left', 'b', 'enter');
    expect(told).toEqual(['a', 'ba', 'done ba']);
  });
});

describe('a text area', () => {
  test('tells of changes, and only of those', () => {
    const told: string[] = [];
    const area = new TextArea({ onChange: value => told.push(value) });
    openApp(area, 6, 3).press('a', 'enter', 'control+k', 'delete', 'left', 'backspace', 'backspace');
    expect(told).toEqual(['a', 'a\n', '\n']);
  });

  // text · keys · what it is then
  const edits: Array<[value: string, keys: string[], after: string]> = [
    ['', ['a', 'enter', 'b'], 'a\nb'],
    ['one\ntwo', ['up', 'x'], 'onex\ntwo'],
    ['one\n日本', ['up', 'end', 'x'], 'onex\n日本'],
    ['one\ntwo', ['home', 'backspace'], 'onetwo'],
    ['abcdefgh', ['up', 'home', 'down', 'x'], 'abcdexfgh'],
    ['one\ntwo', ['control+u'], 'one\n'],
    ['four\nx\nfour', ['up', 'up', 'x'], 'fourx\nx\nfour'],
    ['four\nx\nfour', ['up', 'up', 'home', 'down', 'x'], 'four\nxx\nfour'],
    ['abcdefghij', ['up', 'x'], 'abcdxefghij'],
    ['a\n', ['backspace', 'b'], 'ab'],
  ];
  test.each(edits)('%j with %j is %j', (value, keys, after) => {
    const area = new TextArea({ value });
    openApp(area, 6, 3).press(...keys);
    expect(area.value).toBe(after);
  });

  test('scrolls with the cursor', () => {
    const { look, press } = openApp(new TextArea({ value: '1\n2\n3\n4' }), 6, 2);
    expect(look()).toEqual(['3', '4']);
    expect(press('up', 'up', 'up')).toEqual(['1', '2']);
  });
});

describe('a list', () => {
  test('moves with keys, and scrolls no more than it must', () => {
    const seen: number[] = [];
    const { press } = openApp(new List(many(9), { onSelect: index => seen.push(index) }), 10, 3);
    press('down', 'down', 'down', 'pageDown', 'end', 'up', 'home', 'up');
    expect(seen).toEqual([1, 2, 3, 5, 8, 7, 0]);
  });

  test('a click selects, a second one chooses, and so does Enter', () => {
    const chosen: number[] = [];
    const { click, press } = openApp(new List(many(9), { onChoose: index => chosen.push(index) }), 10, 3);
    click(1, 2);
    click(1, 2);
    press('up', 'enter');
    expect(chosen).toEqual([2, 1]);
  });

  test('the wheel scrolls it', () => {
    const { wheel } = openApp(new List(many(9)), 9, 3);
    expect(wheel('down', 0, 0)).toEqual([' item 1 ┃', ' item 2 │', ' item 3 │']);
  });

  test('with nothing in it, it is not hurt by keys', () => {
    const chosen: number[] = [];
    const list = new List([], { onChoose: index => chosen.push(index) });
    openApp(list, 10, 3).press('down', 'end', 'enter', 'pageUp');
    expect([list.selected, chosen]).toEqual([-1, []]);
  });

  test('that becomes shorter selects what there is', () => {
    const list = new List(many(9), { selected: 8 });
    const { app, pass } = openApp(list, 10, 3);
    list.items = many(2);
    app.redraw();
    pass(20);
    expect(list.selected).toBe(1);
  });
});

test('a table selects rows under its heading', () => {
  const table = new Table([{ title: 'name', flex: 1 }], [['a'], ['b'], ['c']]);
  const { click, press } = openApp(table, 10, 4);
  click(1, 2);
  press('down');
  expect(table.selected).toBe(2);
});

test('a checkbox changes with space and clicks', () => {
  const box = new Checkbox('news');
  const { press, click } = openApp(box, 10, 1);
  expect(press('space')).toEqual(['[x] news']);
  expect(click(5, 0)).toEqual(['[ ] news']);
  expect(click(9, 0)).toEqual(['[ ] news']);
});

test('a button is pressed by Enter and space, and by a click on it alone', () => {
  let pressed = 0;
  const { press, click } = openApp(new Button('ok', () => (pressed += 1)), 20, 2);
  press('enter', 'space', 'x');
  click(2, 0);
  click(12, 0);
  click(2, 1);
  expect(pressed).toBe(3);
});

test('tabs show one page, and its fields alone take keys', () => {
  const [first, second] = [new TextField(), new TextField()];
  const { press, click } = openApp(
    new Tabs([
      { title: 'one', content: first },
      { title: 'two', content: second },
    ]),
    20,
    3,
  );
  expect(press('tab', 'a', 'tab', 'right')).toEqual([' one   two', '', '']);
  press('tab', 'b', 'tab');
  expect(click(1, 0)).toEqual([' one   two', '', 'a']);
  expect([first.value, second.value]).toEqual(['a', 'b']);
});

test('a spinner turns by itself, and draws no more than one cell', () => {
  const lab = openApp(new Spinner('working'), 12, 1);
  expect(lab.look()).toEqual(['⠋ working']);
  expect(lab.pass(100)).toEqual(['⠙ working']);
  expect(lab.bytes()).toBeLessThan(16);
});

describe('a viewport', () => {
  test('scrolls with keys and the wheel', () => {
    const { press, wheel } = openApp(new Viewport(new Label(many(9).join('\n'))), 8, 3);
    expect(press('down')).toEqual(['item 1 ┃', 'item 2 │', 'item 3 │']);
    expect(press('end')).toEqual(['item 6 │', 'item 7 │', 'item 8 ┃']);
    expect(wheel('up', 1, 1)).toEqual(['item 3 │', 'item 4 ┃', 'item 5 │']);
  });

  test('shows what gets the focus', () => {
    const fields = many(6).map(value => new TextField({ value }));
    const { press } = openApp(new Viewport(new Rows(fields)), 8, 3);
    expect(press('tab', 'tab', 'tab', 'tab')).toEqual(['item 1 ┃', 'item 2 ┃', 'item 3 │']);
    expect(press('shift+tab', 'shift+tab', 'shift+tab')).toEqual(['item 0 ┃', 'item 1 ┃', 'item 2 │']);
  });

  test('stays at the end of what grows, until somebody scrolls up', () => {
    let lines = 5;
    const { app, pass, press } = openApp(new Viewport(new Label(() => many(lines).join('\n')), { follow: true }), 8, 2);
    const grow = (): readonly string[] => {
      lines += 1;
      app.redraw();
      return pass(20);
    };
    expect(grow()).toEqual(['item 4 │', 'item 5 ┃']);
    press('up');
    expect(grow()).toEqual(['item 3 │', 'item 4 ┃']);
    press('end');
    expect(grow().at(-1)).toMatch(/item 7/);
  });
});

describe('themes', () => {
  test('are as the terminal is', () => {
    expect(themeFor({ colours: 0, dark: true })).toBe(themes.plain);
    expect(themeFor({ colours: 16, dark: true })).toBe(themes.coloured);
    expect(themeFor({ colours: 256, dark: undefined })).toBe(themes.coloured);
    expect(themeFor({ colours: 256, dark: false })).toBe(themes.light);
    expect(themeFor({ colours: 16_777_216, dark: true })).toBe(themes.dark);
  });

  test('follow what the terminal says of its colours', async () => {
    const lab = openApp(new TextField({ value: 'a' }), 20, 1);
    lab.wire.receive(Buffer.from('\x1b]10;rgb:0000/0000/0000\x1b\\\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22c'));
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    lab.pass(20);
    expect(lab.screen.cell(0, 0).style.background).toBe(252);
  });
});
