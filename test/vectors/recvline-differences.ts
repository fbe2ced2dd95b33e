/** Where editing lines differs from Twisted's RecvLine on purpose. */
import type { Log, LoggedDifference } from './vectors.ts';

/** Ours, its lines joined by commas, is like this. */
const ours =
  (pattern: RegExp) =>
  (_twisted: Log, log: Log): boolean =>
    pattern.test(log.join());

const historyOf = (log: Log): string => log.find(line => line.startsWith('history')) ?? '';
const linesOf = (log: Log): string => log.filter(line => line.startsWith('line')).join();

export const recvlineDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'TAB puts spaces at the end of the line up to a multiple of four of its length, wherever the cursor is',
    nacre:
      'TAB completes; where it is bound to insert-tab, it inserts a tab at the cursor, shown up to a multiple of eight',
    why: 'in mid-line, what is shown and what is submitted fall apart',
    cases: [
      'tab stops',
      'tab at column multiple of 4',
      'tab in middle then backspace',
      'history with tab expansion',
      'random 00',
      'random 01',
      'random 02',
      'random 03',
      'random 04',
      'random 05',
      'random 06',
      'random 13',
      'random 16',
      'random 17',
      'random 18',
      'random 23',
      'random 24',
      'random 26',
      'random 28',
      'random 30',
      'random 33',
      'random 35',
      'random 42',
      'random 44',
      'random 47',
      'random 51',
      'random 52',
      'random 53',
      'random 54',
      'random 56',
      'random 59',
    ],
    shows: (twisted, log) => linesOf(twisted) !== linesOf(log) || historyOf(twisted) !== historyOf(log),
  },
  {
    twisted:
      'UP puts a line that is not finished into the history; DOWN at the bottom empties it; edits of recalled lines go',
    nacre: 'what was typed or edited is there again when one comes back to it, and only submitted lines are remembered',
    why: 'nothing that was typed is lost. GNU Readline does the same',
    cases: [
      'down on empty history clears typed text',
      'partial line then down down',
      'partial + up with EMPTY history leaves a ghost entry',
      'recalled line edited then up loses edit',
      'up with cursor in middle',
      'one chunk everything',
      'random 10',
      'random 14',
      'random 29',
      'random 31',
      'random 32',
      'random 36',
      'random 37',
      'random 39',
      'random 40',
      'random 45',
      'random 55',
      'random 58',
    ],
    shows: (twisted, log) => linesOf(twisted) !== linesOf(log) || historyOf(twisted) !== historyOf(log),
  },
  {
    twisted: 'CR LF submits twice',
    nacre: 'the LF of CR LF is no second Enter',
    why: 'telnet and pasted files send both for one',
    cases: ['CRLF submits twice'],
    rewrite: log => log.filter(line => line !== 'line ""' && line !== 'screen '),
  },
  {
    twisted: 'ignores arrows in application mode, and arrows with control',
    nacre: 'they move, by character and by word',
    why: 'xterm ctlseqs: terminals send them',
    cases: ['application-mode SS3 arrows are ignored', 'xterm ctrl-left is ignored'],
    shows: ours(/line "(Xab|ab Xcd)"/),
  },
  {
    twisted: 'ignores modifiers: alt+x is x, ESC CR is Enter, alt+Backspace is Backspace, shift+TAB is TAB',
    nacre: 'keys with modifiers are keys of their own: alt+Enter begins another line, alt+Backspace kills a word',
    why: 'GNU Readline binds them so',
    cases: [
      'shift-tab acts as tab',
      'alt-x is inserted as x (modifier ignored)',
      'ESC CR submits',
      'ESC DEL is backspace',
    ],
    shows: ours(/line "(ab)?"|history \[\],screen >>> abc /),
  },
  {
    twisted: 'drops control characters, but inserts ^K and ^L',
    nacre: 'they are keys: ^C interrupts, ^K kills, ^L draws the screen anew',
    why: 'GNU Readline binds them so; a control character is inserted with ^V',
    cases: ['control characters are dropped', "^K and ^L are 'printable' and inserted"],
    shows: ours(/interrupted by control\+C|line "abc"/),
  },
  {
    twisted: 'drops every byte above 0x7f',
    nacre: 'takes UTF-8',
    why: 'people write in other languages than English',
    cases: ['8-bit dropped'],
    shows: ours(/[\u0080-\uffff]/),
  },
  {
    twisted: 'knows nothing of wrapping: Home goes to the beginning of the last row only',
    nacre: 'the cursor goes to where the text begins, and all rows move along',
    why: 'what is shown is what is submitted',
    cases: ['long line edit'],
    shows: ours(/screen >>> Yx+,screen x+Z,screen ▏$/),
  },
  {
    twisted: 'after a new size the cursor is at the end, and what is typed shows there but goes elsewhere',
    nacre: 'the cursor stays where it was',
    why: 'what is shown is what is submitted',
    cases: ['terminalSize with cursor in middle (cursor left at end)'],
    shows: ours(/screen >>> aXbc/),
  },
  {
    twisted: 'draws the line again where the cursor is, when asked to',
    nacre: 'the editor knows what is shown, and draws what is not',
    why: 'nobody else has to',
    cases: ['drawInputLine'],
    shows: ours(/^history \[\],screen >>> abc▏$/),
  },
];
