/** What a person sees of the line: wrapping, wide characters, the last column, output above, new sizes. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { LineLab, type LabOptions } from './line-lab.ts';

/** A lab with a line begun. */
async function begun(options: LabOptions = {}, prompt = '> '): Promise<LineLab> {
  const lab = new LineLab(options);
  void lab.read({ prompt });
  await lab.settle();
  return lab;
}

// columns · keys · the screen, with the cursor as ▏ · why
const facts: ReadonlyArray<readonly [columns: number, keys: string, screen: readonly string[], why: string]> = [
  [10, '', ['> ▏'], 'the prompt'],
  [10, 'abc', ['> abc▏'], 'text'],
  [10, 'abc\x02\x02', ['> a▏bc'], 'the cursor in it'],
  [10, 'abcdefg', ['> abcdefg▏'], 'one column is left'],
  [10, 'abcdefgh', ['> abcdefgh', '▏'], 'a full row: the cursor is in the next'],
  [10, 'abcdefgh\x02', ['> abcdefg▏h'], 'and back on the last column'],
  [10, 'abcdefghi', ['> abcdefgh', 'i▏'], 'one more'],
  [10, 'abcdefghi\x7f', ['> abcdefgh', '▏'], 'and gone again'],
  [10, 'abcdefghi\x7f\x7f', ['> abcdefg▏'], 'back to one row'],
  [10, 'abcdefghijklmnopqrs\x01', ['> ▏abcdefgh', 'ijklmnopqr', 's'], 'up by two rows'],
  [10, 'abcdefghijklmnopqrs\x01X', ['> X▏abcdefg', 'hijklmnopq', 'rs'], 'everything moves by one'],
  [10, 'abcdefghijklmnopqr\x01X', ['> X▏abcdefg', 'hijklmnopq', 'r'], 'a row is added by inserting'],
  [10, 'abcdefghijklmnopqrs\x15', ['> ▏'], 'rows are emptied'],
  [10, '日本語', ['> 日本語▏'], 'wide characters'],
  [10, '日本語日', ['> 日本語日', '▏'], 'they fill the row'],
  [9, '日本語日', ['> 日本語', '日▏'], 'one that does not fit leaves the last column empty'],
  [9, '日本語a', ['> 日本語a', '▏'], 'a narrow one fits there'],
  [9, '日本語日\x02', ['> 日本語', '▏日'], 'the cursor is on the wide one in the next row'],
  [9, '日本語日\x02\x02', ['> 日本▏語', '日'], 'and on the one before'],
  [9, 'a日本語\x01\x04', ['> ▏日本語'], 'all shift by one column'],
  [10, 'e\u0301\u0301x\x02', ['> e\u0301\u0301▏x'], 'marks take no column'],
  [10, 'e\u0301\u0301\x7f', ['> ▏'], 'and go with what they stand on'],
  [10, '\u0301', ['> \u0301▏'], 'a mark alone joins the prompt'],
  [10, '\x16\x01b', ['> ^Ab▏'], 'control characters are shown'],
  [20, 'a\x16\tb', ['> a     b▏'], 'tabs go to the next multiple of eight columns'],
  [10, '\x1b3', ['(arg: 3) ▏'], 'a numeric argument'],
];

describe('the screen', () => {
  test.each(facts)('of %d columns after %j is %j: %s', async (columns, keys, screen) => {
    const lab = await begun({ columns });
    await lab.type(keys);
    expect(lab.screen()).toEqual(screen);
  });

  test('is the same when the keys come one by one', async () => {
    for (const [columns, keys, screen] of facts) {
      const lab = await begun({ columns });
      for (const key of keys.match(/\x1b.|[^]/gu) ?? []) await lab.type(key);
      expect({ columns, keys, screen: lab.screen() }).toEqual({ columns, keys, screen });
    }
  });
});

/** What is typed at random: every kind of width, and moves. */
const anyKey = fc.constantFrom(
  'a',
  'b',
  ' ',
  '日',
  'é',
  'e\u0301',
  '\x01',
  '\x02',
  '\x1b[3~',
  '\x05',
  '\x06',
  '\x7f',
  '\x14',
  '\x17',
  '\x16\x01',
  '\x16\t',
);

describe('whatever is typed', () => {
  test('the screen is as if it had been drawn at once, at every width', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 23 }), fc.array(anyKey, { maxLength: 40 }), async (columns, keys) => {
        const lab = await begun({ columns });
        for (const key of ['x', ...keys]) await lab.type(key);
        const text = lab.editor.text;
        const fresh = new LineLab({ columns });
        void fresh.read({ prompt: '> ', text });
        await fresh.type('\x01' + '\x06'.repeat(lab.editor.cursor));
        expect(lab.screen()).toEqual(fresh.screen());
      }),
      { seed: 20_261_126, numRuns: 60 },
    );
  });
});

test('a prompt may have several lines', async () => {
  const lab = await begun({ columns: 10 }, 'one\ntwo: ');
  await lab.type('abcdefg\x01');
  expect(lab.screen()).toEqual(['one', 'two: ▏abcde', 'fg']);
});

describe('a text longer than the screen', () => {
  test('is shown around the cursor', async () => {
    const lab = await begun({ columns: 10, rows: 3 });
    await lab.type('aaaaaaaabbbbbbbbbbccccccccccdddddddddde');
    expect(lab.screen()).toEqual(['cccccccccc', 'dddddddddd', 'e▏']);
    await lab.type('\x01');
    expect(lab.screen()).toEqual(['> ▏aaaaaaaa', 'bbbbbbbbbb', 'cccccccccc']);
  });
});

describe('output while typing', () => {
  test('comes above the line, and the line stays', async () => {
    const lab = await begun({ columns: 20 });
    await lab.type('typing\x02');
    lab.editor.print('hello\n');
    lab.editor.print([{ text: 'red', style: { foreground: 'red' } }]);
    await lab.settle();
    expect(lab.screen()).toEqual(['hello', 'red', '> typin▏g']);
    expect(lab.emulator.cell(0, 1).style).toEqual({ foreground: 1 });
    await lab.type('!\r');
    expect(lab.lines).toEqual(['typin!g']);
  });

  test('comes above all rows of it', async () => {
    const lab = await begun({ columns: 10 });
    await lab.type('abcdefghijkl');
    lab.editor.print('ten chars.\ntwo');
    await lab.settle();
    expect(lab.screen()).toEqual(['ten chars.', 'two', '> abcdefgh', 'ijkl▏']);
  });

  test('cannot do anything to the terminal', async () => {
    const lab = await begun({ columns: 20 });
    lab.editor.print('\x1b[2Jx\x9by');
    await lab.settle();
    expect(lab.screen()).toEqual(['^[[2Jx\ufffdy', '> ▏']);
  });

  test('scrolls the screen at its end', async () => {
    const lab = await begun({ columns: 10, rows: 3 });
    for (const line of ['1', '2', '3', '4']) lab.editor.print(line);
    await lab.type('ab');
    expect(lab.screen()).toEqual(['3', '4', '> ab▏']);
  });
});

describe('a line that was submitted', () => {
  test('stays, with the cursor below, also where it fills its row', async () => {
    for (const text of ['abc', 'abcdefgh', 'abcdefghi']) {
      const lab = await begun({ columns: 10 });
      await lab.type(`${text}\x01\r`);
      void lab.read({ prompt: '$ ' });
      await lab.settle();
      const rows = [`> ${text.slice(0, 8)}`, text.slice(8)].filter(row => row !== '');
      expect(lab.screen()).toEqual([...rows, '$ ▏']);
    }
  });

  test('after control+C shows that it was given up', async () => {
    const lab = await begun({ columns: 20 });
    await lab.type('abc\x02\x03');
    expect(lab.screen()).toEqual(['> abc^C', '▏']);
  });

  test('leaves bracketed paste switched off', async () => {
    const lab = await begun();
    expect(lab.emulator.modes.bracketedPaste).toBe(true);
    await lab.type('x\r');
    expect(lab.emulator.modes.bracketedPaste).toBe(false);
  });
});

describe('a new size while typing', () => {
  const text = 'abcdefghijklmnopqrstuvwxyz';
  const wrapped = (columns: number): string[] => {
    const whole = `> ${text}`;
    const rows = whole.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    return whole.length % columns === 0 ? [...rows, '▏'] : [...rows.slice(0, -1), `${rows.at(-1)}▏`];
  };

  test.each([[40], [28], [27], [14], [13], [7], [5]])('to %d columns draws it anew', async columns => {
    const lab = await begun({ columns: 20 });
    lab.editor.print('above');
    await lab.type(text);
    await lab.resize(columns, 10);
    expect(lab.screen().slice(-wrapped(columns).length)).toEqual(wrapped(columns));
    await lab.type('\x15done\r');
    expect(lab.lines).toEqual(['done']);
  });
});

test('control+L empties the screen and keeps the line', async () => {
  const lab = await begun({ columns: 20 });
  lab.editor.print('above');
  await lab.type('abc\x02\x0c');
  expect(lab.screen()).toEqual(['> ab▏c']);
});

test('a keystroke at the end of a long line sends only what it changes', async () => {
  const lab = await begun({ columns: 40 });
  await lab.type('x'.repeat(100));
  lab.wire.receive(Buffer.from('y'));
  await Promise.resolve();
  expect(lab.wire.value().toString()).toBe('y');
});
