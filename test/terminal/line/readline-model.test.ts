/** Holds the line editor to a real GNU Readline (bash on a pty): the same keys make the same line. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { Bash } from './bash.ts';
import type { EditState } from '../../../terminal/line/edit-state.ts';
import { lineText, pressAll, shownLine } from './keys.ts';

const history = ['first line', 'echo the quick brown fox', 'last one, with words'];

/** Bash keeps what was killed from line to line, and so do we. */
let before: EditState | undefined;

/** What bash is told as an answer to these keys, and Enter. */
function ours(keys: string): string {
  const state = (before = pressAll(`${keys}\r`, { history, before }));
  return state.effect === 'end' ? 'end:' : `line:${lineText(state)}`;
}

// keys · what they are for. The line that they make is readline's to say.
const facts: ReadonlyArray<readonly [keys: string, what: string]> = [
  ['one two\x01X', 'C-a: the beginning of the line'],
  ['one two\x01\x06\x06X', 'C-f'],
  ['one two\x02\x02X', 'C-b'],
  ['one two\x01\x05X', 'C-e'],
  ['one two-three\x1bbX\x1bbY\x1bbZ', 'M-b: a dash parts words'],
  ['snake_case\x1bbX', 'M-b: an underscore parts words'],
  ['one two\x01\x1bfX\x1bfY', 'M-f'],
  ['one two\x01\x04', 'C-d deletes the character ahead'],
  ['one two\x08\x7f', 'C-h and DEL delete the one behind'],
  ['one two three\x1bb\x0bX\x19', 'C-k kills to the end, C-y yanks'],
  ['one two three\x1bb\x15X\x19', 'C-u kills to the beginning'],
  ['one two/three  \x17X', 'C-w kills back to a space'],
  ['one two three\x01\x1bd\x1bd\x05\x19', 'M-d twice makes one kill'],
  ['one two three\x1b\x7f\x1b\x7f\x01\x19', 'M-DEL twice makes one kill, in the order of the text'],
  ['one two three\x17\x01\x1bd\x05 \x19\x1by', 'M-y puts the kill before in its place'],
  ['one two three\x17\x02\x17\x01\x1bd\x05 \x19\x1by\x1by\x1by', 'M-y goes round'],
  ['one\x1by', 'M-y without C-y does nothing'],
  ['abc\x14', 'C-t at the end swaps the two before'],
  ['abcd\x02\x02\x14\x14', 'C-t in the middle goes forward'],
  ['abc\x01\x14', 'C-t at the beginning does nothing'],
  ['one two three\x1bt', 'M-t at the end'],
  ['one two three\x1bb\x1bb\x1bt', 'M-t at the beginning of a word'],
  ['one two three\x01\x1bt', 'M-t in the first word does nothing'],
  ['one-two, three\x1bb\x02\x1bt', 'M-t between words'],
  ['one two\x01\x1bu\x1bc', 'M-u, M-c'],
  ['ONE TWO\x01\x1bl\x1bc', 'M-l, M-c'],
  ['oNE\x01\x06\x1bc', 'M-c from the middle of a word'],
  ['one two\x1b-\x1bu', 'M-- M-u: the word behind'],
  ['one two\x1f', 'C-_ undoes what was typed in one go'],
  ['one\x01\x1bdtwo\x1f\x1f', 'C-_ undoes typing, and then the kill'],
  ['one two\x1bb\x0b\x1fX', 'C-_ puts the cursor behind what comes back'],
  ['one two\x1bt\x1fX', 'a transposition is undone in one'],
  ['one two\x01\x1bu\x1fX', 'a change of case is undone in one'],
  ['one\x18\x15', 'C-x C-u undoes'],
  ['abcdef\x1b3\x02X', 'M-3 C-b'],
  ['abcdef\x01\x1b2\x04\x05\x19', 'M-2 C-d kills'],
  ['\x1b5x', 'M-5 x'],
  ['\x1b12x', 'M-1 2 x: more digits need no Meta'],
  ['\x1b1\x1b2x', 'M-1 M-2 x'],
  ['abcdef\x1b-\x06X', 'M-- C-f goes back'],
  ['abcdef\x1b-3\x06X', 'M-- 3 C-f goes back by three'],
  ['one two three\x1b2\x1bbX', 'M-2 M-b'],
  ['one two three\x1b2\x17', 'M-2 C-w'],
  ['one two three\x01\x1b-\x1bd', 'M-- M-d at the beginning does nothing'],
  ['one two three\x1b-\x1bd', 'M-- M-d kills back'],
  ['a\x11\x01b', 'C-q C-a inserts a control character'],
  ['a\x11\tb', 'C-q TAB inserts a tab'],
  ['\x10', 'C-p: the line before'],
  ['\x10\x10\x0e', 'C-n'],
  ['\x10\x10\x10\x10\x10', 'C-p past the oldest stays there'],
  ['typed\x10\x0e', 'what was typed is there again after C-p C-n'],
  ['\x10edited\x10\x0e', 'so is what was edited'],
  ['\x1b[A\x1b[A\x1b[B', 'arrows'],
  ['\x1b<', 'M-<: the oldest'],
  ['\x1b<\x1b>x', 'M->: the new line'],
  ['\x12quick\x1b[D', 'C-r finds back, and leaves the cursor there'],
  ['\x12i\x12\x12', 'C-r again goes on'],
  ['\x12quick\x07', 'C-g gives up'],
  ['\x12quickx\x7f\x01X', 'DEL looks again'],
  ['\x12e\x12\x12\x12\x13\x01X', 'C-s comes back'],
  ['\x12nothing like it\x05X', 'a failed search stays where it was'],
  ['abc\x1b[HX\x1b[FY', 'Home and End'],
  ['abc\x1b[D\x1b[3~', 'Delete'],
  ['one two\x1b[1;5DX\x1b[1;5CY', 'control and arrows'],
  ['one two three\x01\x1d\x74X', 'C-] finds a character'],
  ['one two three\x1b\x1d\x74X', 'M-C-] finds one back'],
  ['one  \t two\x1b[D\x1b[D\x1b[D\x1b[D\x1b\\', 'M-\\ deletes spaces around'],
  ['one two\x01\x00\x1bf\x18\x18X', 'C-@ sets the mark, C-x C-x goes there'],
  ['x \x1b.', 'M-. takes the last word of the line before'],
  ['x \x1b.\x1b.', 'M-. again takes that of the line before it'],
  ['gone\x1br', 'M-r takes back every change'],
  ['\x04', 'C-d on an empty line ends the input'],
  ['a\x01\x04\x04', 'also right after one that has emptied the line'],
  ['é日本\x02\x02X', 'characters of several bytes'],
  ['añb\x02\x14', 'C-t with them'],
  ['naïve café\x1bb\x1bu', 'words with them'],
  ['日本 語\x17', 'C-w with them'],
];

/**
 * Each is one step of a random session. Characters are quoted: what is typed ahead of plain ones makes readline forget that
 * a kill has ended (its `rl_insert` reads on by itself).
 */
const anyKey = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Array.from('aBc7  -_/.', character => `\x11${character}`)) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...Array.from('\x01\x02\x05\x06\x08\x0b\x0e\x10\x14\x15\x17\x19\x7f'),
      ...['b', 'f', 'd', '\x7f', 't', 'u', 'l', 'c', 'y', '<', '>', '\\'].map(key => `\x1b${key}`),
      ...['\x1b2\x02', '\x1b2\x04', '\x1b3\x1bf', '\x1b2\x11x', '\x1b2\x1bt', '\x1b3\x14'],
      ...['\x1b-\x1bd', '\x1b-\x1bu', '\x1b-\x1b\x7f', '\x1b-\x06', '\x1b-\x0b', '\x1b-3\x02', '\x1b-\x1bt'],
      ...['\x1b[A', '\x1b[B', '\x1b[C', '\x1b[D', '\x1b[H', '\x1b[F', '\x1b[3~', '\x11\x07', '\x1d\x61', '\x18\x18'],
    ),
  },
);

describe('the same keys make the same line in bash', () => {
  let bash: Bash;

  beforeAll(() => {
    bash = new Bash({ history });
  });
  afterAll(() => bash[Symbol.dispose]());

  test.each(facts)('%j (%s)', async keys => {
    const line = ours(keys);
    expect(line).toBe(await bash.line(line === 'end:' ? keys : `${keys}\r`));
  });

  test('random keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyKey, { minLength: 1, maxLength: 25 }), async keys => {
        const typed = `some words here ${keys.join('')}\x05|\x19`; // what was killed shows at the end
        const wanted = await bash.line(`${typed}\r`);
        expect({ typed, line: ours(typed) }).toEqual({ typed, line: wanted });
      }),
      { seed: 20_261_126, numRuns: 400, endOnFailure: true }, // what was killed goes on in the next run,
    );
  });
});

test('the cursor is shown where it is', () => {
  expect(shownLine(pressAll('ab\x02'))).toBe('a|b');
});
