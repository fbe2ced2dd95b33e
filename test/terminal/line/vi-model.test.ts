/** Holds the vi mode to that of a real GNU Readline (bash on a pty): the same keys make the same line. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import type { EditState } from '../../../terminal/line/edit-state.ts';
import { Bash } from './bash.ts';
import { lineText, pressAll, shownLine } from './keys.ts';

const history = ['first line', 'echo the quick brown fox', 'last one, with words'];

/** What was killed is kept from line to line. */
let before: EditState | undefined;

function ours(keys: string): string {
  const state = (before = pressAll(`${keys}\r`, { history, before, mode: 'vi-insert' }));
  return state.effect === 'end' ? 'end:' : `line:${lineText(state)}`;
}

// keys · what they are for. The line that they make is readline's to say.
const facts: ReadonlyArray<readonly [keys: string, what: string]> = [
  ['abc\x1bix', 'Escape steps back, i inserts'],
  ['abc\x1bax', 'a appends'],
  ['abc def\x1bIx', 'I inserts at the beginning'],
  ['abc\x1b0Ax', 'A appends at the end'],
  ['abc\x1bhhix', 'h'],
  ['abc\x1b0lix', 'l'],
  ['abc\x1b0lllllix', 'l stops at the last character'],
  ['one two-three\x1b0wix', 'w'],
  ['one two-three\x1b0wwix', 'w: a dash is a word'],
  ['one two-three four\x1b0WWix', 'W'],
  ['one two_three\x1bbix', 'b: an underscore is a letter'],
  ['one two-three\x1bBix', 'B'],
  ['one two\x1b0eix', 'e'],
  ['one two\x1b0eeix', 'e again'],
  ['one two-x\x1b0EEix', 'E'],
  ['  one\x1bh^ix', '^'],
  ['  one\x1b0ix', '0'],
  ['one\x1b0$ix', '$'],
  ['one two\x1b4|ix', '|'],
  ['f(a[1])\x1b0%ix', '%'],
  ['f(a[1])\x1b$%ix', '% back'],
  ['one two three\x1b0ftix', 'f'],
  ['one two three\x1b0fti-\x1b;ix', '; goes on'],
  ['one two three\x1bFtix', 'F'],
  ['one two three\x1b0ttix', 't'],
  ['one two three\x1bTtix', 'T'],
  ['one two three\x1bFt,ix', ', goes the other way'],
  ['one two three four\x1b02wix', 'a count'],
  ['one two three\x1b0dwix', 'dw'],
  ['one two three\x1b0d2wix', 'd2w'],
  ['one two three four\x1b02dwix', '2dw'],
  ['one two three\x1b0deix', 'de takes the last character'],
  ['one two three\x1bdbix', 'db'],
  ['one two three\x1bhhd0ix', 'd0'],
  ['one two three\x1b0wd$ix', 'd$'],
  ['one two three\x1b0wDix', 'D'],
  ['one two\x1bddix', 'dd'],
  ['one two three\x1b0dftix', 'df'],
  ['one two three\x1b0dttix', 'dt'],
  ['f(a) b\x1b0ld%ix', 'd%'],
  ['one two three\x1b0cwx', 'cw leaves the space'],
  ['one two three\x1b0cex', 'ce'],
  ['one two three\x1b0wCx', 'C'],
  ['one two\x1bccx', 'cc'],
  ['one two\x1bSx', 'S'],
  ['abc\x1b0sx', 's'],
  ['abcdef\x1b02sx', '2s'],
  ['abc\x1b0x', 'x'],
  ['abc\x1bx', 'x on the last character'],
  ['abcdef\x1b03x', '3x'],
  ['abc\x1bX', 'X'],
  ['abc\x1b0rx', 'r'],
  ['abc\x1b02rx', '2r'],
  ['abcdef\x1b0Rxy\x1b', 'R'],
  ['aBc\x1b0~~~', '~'],
  ['abc def\x1b04~', '4~'],
  ['one two\x1b0dwP', 'P'],
  ['one two\x1b0dw$p', 'p'],
  ['ab\x1b0xp', 'xp swaps'],
  ['one two\x1b0yw$p', 'yw'],
  ['one two\x1b0wy$P', 'y$'],
  ['one\x1byyp', 'yy'],
  ['one two\x1bybix', 'yb leaves the cursor where it is'],
  ['one two\x1by0~', 'so does y0'],
  ['-some\x1bdb', 'db takes the dash in front of the first word'],
  [' some\x1bBix', 'B goes to the beginning of the line, over its space'],
  ['xzz\x1bh3~', '3~ changes the last letter again'],
  ['abcd\x1b03~u', 'u after 3~ takes back one letter'],
  ['aBc\x1b0~P', 'P after ~ puts the letter that was'],
  ['abc\x1b0rxP', 'P after r, too'],
  ['abc\x1bh5rx', '5r goes as far as there are characters'],
  ['ab\x1bddxXDdeyeyyP', 'what takes nothing keeps nothing'],
  ['one two\x1b0dwu', 'u'],
  ['one two\x1b0xxuu', 'u twice'],
  ['abc\x1bixyz\x1bu', 'u takes back an insertion in one'],
  ['one two three\x1b0dw.', '. after dw'],
  ['abcdef\x1b0x..', '. after x'],
  ['one two\x1b0rxw.', '. after r'],
  ['one two three\x1b0cwx\x1bw.', '. after cw'],
  ['\x1bk', 'k: the line before'],
  ['\x1bkkjix', 'j'],
  ['\x1bkix', 'the cursor is at its beginning'],
  ['\x1bGix', 'G: the oldest'],
  ['\x1b/quick\rix', '/ looks back'],
  ['\x1b/i\rnix', 'n goes on'],
  ['\x1b/i\rnNix', 'N comes back'],
  ['abc\x15x', 'control+U'],
  ['one two\x17x', 'control+W'],
  ['a\x16\x01', 'control+V'],
  ['a\x7fb', 'Backspace'],
  ['añ日\x1bhx', 'characters of several bytes'],
];

/** Escape is never followed by a letter that begins a control string (P, X, ^): a terminal takes the two for one. */
const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('iab \x1bh', 'aX\x1bh', 'I-\x1bh', 'Az\x1bh', 'Cq\x1bh', 'sk\x1bh') },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...['h', 'l', 'w', 'b', 'e', 'W', 'B', 'E', '0', '$', '^', '2w', '3l', '2b', 'fe', 'Fe'],
      ...['x', 'X', 'D', 'dw', 'de', 'dW', 'd0', 'd$', 'dfe', '2dw', 'rz', 'yw', '3x'],
      ...['db', 'dB', '2db', 'd^', '~', '3~', '2rz', 'p', 'P', '2P', 'yb', 'y0', 'ye', 'y$'],
    ),
  },
);
const anyLine = fc.constantFrom('some, words (here_x)', '-some Words', ' x-y Zz', '--a');

describe('the same keys make the same line in bash', () => {
  let bash: Bash;

  beforeAll(() => {
    bash = new Bash({ history, mode: 'vi' });
  });
  afterAll(() => bash[Symbol.dispose]());

  test.each(facts)('%j (%s)', async keys => {
    expect(ours(keys)).toBe(await bash.line(`${keys}\r`));
  });

  test('random keys', async () => {
    await fc.assert(
      fc.asyncProperty(anyLine, fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (line, keys) => {
        const typed = `${line}\x1bh${keys.join('')}`;
        const wanted = await bash.line(`${typed}\r`);
        expect({ typed, line: ours(typed) }).toEqual({ typed, line: wanted });
      }),
      { seed: 20_261_129, numRuns: 300, endOnFailure: true }, // what was killed goes on in the next run
    );
  });
});

test('in command mode the cursor is never behind the last character', () => {
  expect(shownLine(pressAll('abc\x1b$xlll', { mode: 'vi-insert' }))).toBe('a|b');
});
