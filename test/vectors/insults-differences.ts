/** Where our terminal's operations differ from those of Twisted's ServerProtocol on purpose. */
import { always } from './rewrites.ts';
import { loadCases, type LoggedDifference } from './vectors.ts';

const names = loadCases<{ readonly name: string }>('insults.json').map(({ name }) => name);
const like = (...patterns: readonly RegExp[]): string[] => names.filter(name => patterns.some(each => each.test(name)));

export const insultsDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'shiftIn is 0x15 and shiftOut is 0x14',
    nacre: '0x0F and 0x0E',
    why: 'ECMA-48 §8.3.119, §8.3.126: SI and SO',
    cases: like(/^shiftIn/, /^shiftOut/),
    shows: (_twisted, ours) => /^"\\u000[ef]"$/.test(ours.join()),
  },
  {
    twisted: 'tabulationClear is `CSI q`, tabulationClearAll `CSI 3 q`',
    nacre: '`CSI g`, `CSI 3 g`',
    why: 'ECMA-48 §8.3.154: TBC',
    cases: like(/^tabulationClear/),
    shows: (_twisted, ours) => /^"\\u001b\[3?g"$/.test(ours.join()),
  },
  {
    twisted: 'takes any number for a count of lines or characters, and any place',
    nacre: 'a RangeError: counts are whole and from 1, places from 0',
    why: 'a terminal would read 0 as 1, and what is below as nothing or text',
    cases: like(/^(insert|delete)\w+\((0|-\d)\)$/, /^cursorPosition\(-1,-1\)/),
    rewrite: always('raises'),
  },
  {
    twisted: 'takes an empty list of modes',
    nacre: 'a RangeError',
    why: '`CSI h` without a parameter sets mode 0, which is none',
    cases: like(/odes\(\[\]\)$/),
    rewrite: always('raises'),
  },
  {
    twisted: 'refuses G2 and G3',
    nacre: 'designates them',
    why: 'singleShift2 and singleShift3 use them. DEC VT510, SCS',
    cases: like(/^selectCharacterSet G[23] rejected/),
    shows: (_twisted, ours) => /^"\\u001b[*+]B"$/.test(ours.join()),
  },
  {
    twisted: 'selectGraphicRendition takes strings, whatever they say, and no numbers',
    nacre: 'numbers, and nothing else; styles have setStyle',
    why: 'a string could say anything, and numbers are what the standard has. ECMA-48 §8.3.117',
    cases: like(/^selectGraphicRendition\((int BOLD|'x')/),
    shows: (_twisted, ours) => /^("\\u001b\[1m"|raises)$/.test(ours.join()),
  },
  {
    twisted: 'a scroll region may have an open or an impossible end, counted from 1 as on the wire',
    nacre: 'both ends, from 0, the last below the first; or none: `CSI r`',
    why: 'rows count from 0 everywhere else. DEC VT510: a region of one row or fewer is ignored',
    cases: like(/^setScrollRegion\((1,|None|5, None|0, 0|10, 5|first|last|\))/, /^resetScrollRegion/).filter(
      name => name !== 'setScrollRegion(1, 24)',
    ),
    shows: (_twisted, ours) => /^("\\u001b\[r"|raises)$/.test(ours.join()),
  },
  {
    twisted: 'doubles a CR LF that is there already',
    nacre: 'leaves it',
    why: 'the CR is enough for the terminal, and text from Windows has it',
    cases: like(/^write crlf is doubled/),
    rewrite: always('"a\\r\\nb"'),
  },
  {
    twisted: 'writing None does nothing',
    nacre: 'a TypeError, as for all that is no bytes and no string',
    why: 'what was meant is not known',
    cases: like(/^write None/),
    rewrite: always('raises'),
  },
  {
    twisted: 'refuses a `bytearray`, and text in a sequence',
    nacre: 'takes any `Uint8Array` and any string',
    why: 'JavaScript has no immutable bytes; a string is UTF-8',
    cases: like(/^write bytearray raises/, /^writeSequence (text|mixed) raises/),
    shows: (_twisted, ours) => /^"a/.test(ours.join()),
  },
  {
    twisted: 'resets the whole terminal (`ESC c`) when closing, which erases what the person had on the screen',
    nacre: 'puts back what was changed, and nothing else; once',
    why: 'the screen belongs to the person. Promise 2 of terminal/contracts.ts',
    cases: like(/loseConnection/),
    shows: (twisted, ours) =>
      ours.filter(line => line !== '""').join() === twisted.filter(line => line !== '"\\u001bc"').join(),
  },
  {
    twisted: 'restoreCursor raises when nothing was saved',
    nacre: 'sends `ESC 8`: the cursor goes to the top left',
    why: "the text of Twisted's own interface; DEC VT510, DECRC",
    cases: like(/restore raises$/),
    rewrite: log => log.map(line => (line === 'raises' ? '"\\u001b8"' : line)),
  },
  {
    twisted: 'keeps a position of the cursor, shared by all terminals of the process',
    nacre: 'keeps none: `reportCursorPosition` asks the terminal',
    why: 'what is written moves the cursor too, so it was wrong',
    cases: like(/^cursorPos is shared/, /^restoreCursor un-shares/),
    rewrite: () => [],
  },
  {
    twisted: 'knows no modifiers, so `CSI 3 R` is nothing',
    nacre: 'it is alt+F3',
    why: 'xterm ctlseqs, modifyFunctionKeys=1',
    cases: like(/^CPR (one part|malformed)/),
    rewrite: log => log.map(line => (line === 'unhandled ESC [3R' ? 'alt+f3' : line)).sort(),
  },
  {
    twisted: 'takes any two numbers for a position of the cursor, also 0, and more than two for none',
    nacre: 'the same, but rows and columns count from 1',
    why: 'ECMA-48 §8.3.14: there is no row 0',
    cases: like(/^CPR zero/),
    rewrite: always('unhandled ESC [0;0R'),
  },
];
