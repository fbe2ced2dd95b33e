/** Where our screen shows something else than Twisted's TerminalBuffer on purpose. docs/twisted.md shows this list. */
import { replacing, without } from './rewrites.ts';
import { loadCases, type Log, type LoggedDifference } from './vectors.ts';

const names = loadCases<{ name: string }>('buffer.json').map(({ name }) => name);
const like = (...patterns: readonly RegExp[]): string[] =>
  names.filter(name => patterns.some(pattern => pattern.test(name)));

const has =
  (...lines: readonly string[]) =>
  (_twisted: Log, ours: Log): boolean =>
    lines.every(line => ours.includes(line));

export const bufferDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'the cursor may stand one past the last column, also when it was moved there',
    nacre: 'it stands in the last column; a written character there waits for the next one to wrap',
    why: 'ECMA-48 §8.3.20, §8.3.21: no place beyond the line; DEC VT510, DECAWM',
    cases: like(/at x == width$/, /leaves x == width$/, /cursorForward/, /width kept$/).filter(
      name => !name.endsWith('default 1'),
    ),
    shows: (_twisted, ours) => ours.some(line => /^cursor (4,0|4,1|5,0|9,0|19,5)$/.test(line)),
  },
  {
    twisted: 'insertLine and deleteLine keep the column',
    nacre: 'the cursor goes to the first one',
    why: 'ECMA-48 §8.3.67, §8.3.32: IL and DL move to the line home position; xterm does',
    cases: like(/(insert|delete)Line/),
    rewrite: replacing(/^cursor 1,1$/, 'cursor 0,1'),
  },
  {
    twisted: 'restoreCursor raises when nothing was saved',
    nacre: 'the cursor goes to the top left',
    why: 'DEC VT510, DECRC',
    cases: like(/restore without save/),
    rewrite: without(/^raises$/),
  },
  {
    twisted: 'takes style parameters as strings too, and ignores what is no number',
    nacre: 'a RangeError for all but numbers',
    why: 'as for selectGraphicRendition on a terminal',
    cases: like(/SGR strings/, /SGR non-int/),
    shows: has('raises'),
  },
  {
    twisted: 'takes 38 for an eighth colour',
    nacre: 'a colour follows it, or nothing happens',
    why: 'ISO 8613-6 §13.1.8; xterm ctlseqs',
    cases: like(/SGR 38/),
    rewrite: without(/foreground/),
  },
  {
    twisted: 'does not know the parameters 22 to 27, which switch a style off',
    nacre: 'does what they say',
    why: 'ECMA-48 §8.3.117',
    cases: like(/^bytes: colours/),
    rewrite: without(/^3,0 /),
  },
  {
    twisted: 'remembers of a character only by which graphic set it was written',
    nacre: 'shows the character of the set; singleShift2 and singleShift3 do nothing on a screen',
    why: 'DEC VT510, SCS; xterm.js knows no single shifts',
    cases: like(/singleShift2/, /selectCharacterSet/),
    shows: (_twisted, ours) => ours.every(line => !line.includes('charset')),
  },
  {
    twisted: 'has no tab stops, no line widths, no writeSequence',
    nacre: 'sets and clears tab stops; a double-width line is passed over; bytes are bytes',
    why: 'what a program says of them ends in no error',
    cases: like(/not implemented$/, /tab set raises/),
    shows: (twisted, ours) => twisted.includes('raises') && !ours.includes('raises'),
  },
  {
    twisted: 'takes every position of the cursor in bytes for the top left',
    nacre: 'goes where they say',
    why: 'ECMA-48 §8.3.21: CUP has parameters',
    cases: like(/CUP parameters/),
    shows: has('cursor 3,2'),
  },
];
