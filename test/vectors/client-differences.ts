/** Where what a program's bytes do to a terminal differs from Twisted's ClientProtocol on purpose. */
import { loadCases, type Log, type LoggedDifference } from './vectors.ts';

const names = loadCases<{ readonly name: string }>('client.json').map(({ name }) => name);
const like = (...patterns: readonly RegExp[]): string[] => names.filter(name => patterns.some(each => each.test(name)));

/** Ours, its lines joined by commas, is like this. */
const does =
  (pattern: RegExp) =>
  (_twisted: Log, ours: Log): boolean =>
    pattern.test(ours.join());

const changed =
  (change: (line: string) => string | readonly string[]) =>
  (log: Log): Log =>
    log.flatMap(change);

export const clientDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'reads 0x15 as shiftIn and 0x14 as shiftOut',
    nacre: 'reads 0x0F and 0x0E; NAK and DC4 are unhandled',
    why: 'ECMA-48 §8.3.119, §8.3.126: SI and SO',
    cases: like(/^a (14|15) b$/, /^everything /, /^text around/, /^roundtrip shift/),
    rewrite: changed(line => ({ shiftIn: 'unhandled \x15', shiftOut: 'unhandled \x14' })[line] ?? line),
  },
  {
    twisted: 'hands control characters on as text',
    nacre: 'BEL, SO and SI are operations; those of layout are text; the others are unhandled',
    why: 'text should be able to do nothing but appear. ECMA-48 §8.3',
    cases: like(/^a (0[0-57ef]|1[167-9a-f]|7f) b$/),
    shows: does(/^write a,(bell|shiftIn|shiftOut|unhandled [\0-\x1f\x7f]),write b$/),
  },
  {
    twisted: 'hands bytes on as they are',
    nacre: 'hands on characters; what is not UTF-8 is U+FFFD',
    why: 'programs and terminals of today speak UTF-8. WHATWG Encoding Standard §4.1',
    cases: like(/^a ff b$/, /^utf-8 split$/),
    shows: does(/^write (a\ufffdb|€)$/),
  },
  {
    twisted: 'takes whatever byte follows ESC for a sequence of two',
    nacre: 'a control character does what it does, and the sequence goes on; other bytes end it',
    why: "DEC STD 070; Paul Williams' parser of the VT500",
    cases: like(/^ESC (00|08|0d|ff)$/),
    shows: does(/(cursorBackward 1|write \r|unhandled \0),unhandled ESC $|^unhandled ESC ,write \ufffd$/),
  },
  {
    twisted: 'never tells of a sequence that is not ended',
    nacre: 'reports it as cut off, at the end',
    why: 'nothing that a program wrote is lost without a word',
    cases: like(/^ESC [#[]$/),
    shows: does(/^unhandled ESC [#[]$/),
  },
  {
    twisted: 'selects character sets that have no name',
    nacre: 'reports them as unhandled',
    why: 'an operation that is told can be done: terminal/output/ writes the sets that terminals have',
    cases: like(/^ESC [()] [3-9<>]$/),
    shows: does(/^unhandled ESC [()].$/),
  },
  {
    twisted: 'knows only what its own ServerProtocol writes',
    nacre: 'knows what terminals of today do: places, scrolling, tabs, DECALN, other spellings of the same, questions',
    why: 'ECMA-48 §8.3; DEC VT510; xterm ctlseqs: programs use them by terminfo',
    cases: like(/^ESC # 8$/, /^CSI [acdefgsuESG]$/, /^CSI 5[GESd] /, /^CSI 0[KJ]$/, /^CSI 3J$/),
    shows: (twisted, ours) => /^unhandled ESC/.test(twisted.join()) && !/unhandled/.test(ours.join()),
  },
  {
    twisted: '`@` and `` ` `` do not end a control sequence',
    nacre: 'they do: ICH and HPA',
    why: 'ECMA-48 §5.4: final bytes are 0x40 to 0x7E',
    cases: like(/^CSI [@`]$/),
    shows: does(/^(insertCharacter 1|cursorColumn 0)$/),
  },
  {
    twisted: 'raises at numbers that it does not expect, and reads what follows as part of the sequence',
    nacre: 'reports the sequence as unhandled',
    why: 'what a program writes must not end its connection',
    cases: like(/^CSI (1;1|5;10|\?25|;|1;2;3)[A-D]$/, /^CSI l$/, /^RM ''/, /^RM '4;'/, /^CUU '3;4'/),
    rewrite: changed(line => (line === 'raises' ? [] : line)),
    shows: does(/^unhandled ESC \[[\d;?]*[A-Dl]$/),
  },
  {
    twisted: 'takes a count of 0 for 0',
    nacre: 'takes it for 1',
    why: 'so does every terminal: VT510, and ECMA-48 4th ed. §8.3 (ZDM)',
    cases: like(/^CSI 0[ABCDP]$/, /^CUU '0'/),
    rewrite: changed(line => line.replace(/ 0$/, ' 1')),
  },
  {
    twisted: 'ignores the place of cursorPosition: all are cursorHome',
    nacre: 'tells the place; a private sequence is none',
    why: 'ECMA-48 §8.3.21',
    cases: like(/^CSI (0|1|3|6|10|\?25|;)H$/, /^CUP with/, /^roundtrip cursorPosition/),
    shows: does(/^(cursorPosition \d+,\d+(,write x)?|unhandled ESC \[\?25H)$/),
  },
  {
    twisted: 'knows no private modes: setting one is unhandled, resetting one raises',
    nacre: 'knows them',
    why: 'DEC VT510; xterm ctlseqs, DECSET and DECRST',
    cases: like(/^CSI \?25[hl]$/, /^[SR]M '\?/, /^raise keeps/, /^text before a raising/, /^roundtrip (re)?setPrivate/),
    shows: does(/^(write before,)?(re)?setPrivateModes \[\d+(,\d+)?\](,write (abc|after))?$/),
  },
  {
    twisted: 'takes a scroll region that is not whole for none, and tells of regions of one row',
    nacre: 'a missing end is the first or the last row; a region has two rows, or is unhandled',
    why: 'DEC VT510, DECSTBM',
    cases: like(/^CSI (3|6)r$/, /^CSI 1;1r$/, /^DECSTBM '(;10|5;|0;0)'/),
    shows: does(/^(scrollRegion \d+,(9|23)|resetScrollRegion|unhandled ESC \[1;1r)$/),
  },
  {
    twisted: 'reads numbers as Python does (`-3`, ` 3`, `1_0`), and hands others on as they are',
    nacre: 'a number is digits, and a missing one is 0',
    why: 'ECMA-48 §5.4.1',
    cases: like(/^CSI \?25m$/, /^SGR '(1;;4| 1)'/, /^CUU '(-3| 3|1_0)'/),
    shows: does(/^(unhandled ESC \[[-? _\d]*[mA_](,write 0A)?|selectGraphicRendition 1,0,4)$/),
  },
  {
    twisted: 'does not know OSC, and hands its content on as text',
    nacre: 'knows titles, links, the clipboard on request, notifications; others are unhandled as a whole',
    why: 'ECMA-48 §5.6; xterm ctlseqs. Text of a string would stand on the screen',
    cases: like(/^OSC/),
    shows: does(/^setTitle t,write x$/),
  },
];
