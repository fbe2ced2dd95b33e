/** Where keys, as our terminal hears them, differ from Twisted's on purpose. */
import { loadCases, type Log, type LoggedDifference } from './vectors.ts';

/** Ours, its lines joined by commas, is like this. */
const hears =
  (pattern: RegExp) =>
  (_twisted: Log, ours: Log): boolean =>
    pattern.test(ours.join());

const names = loadCases<{ readonly name: string }>('keys.json').map(({ name }) => name);
const like = (...patterns: readonly RegExp[]): string[] => names.filter(name => patterns.some(each => each.test(name)));

export const keyDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'a lone ESC waits for ever, and so does an introducer behind which nothing comes',
    nacre: 'it is a key when nothing has followed in time: Escape, or alt and the letter',
    why: 'otherwise nobody can press Escape, or alt and one of these letters',
    cases: like(/^lone ESC waits$/, /^ESC (5b|4f)$/, /^CSI [O]$/, /^focus out/),
    shows: hears(/^(key escape|key alt\+[[O]|focus false)$/),
  },
  {
    twisted: 'each byte of a UTF-8 character is a keystroke',
    nacre: 'a character is one keystroke; what is not UTF-8 is U+FFFD',
    why: 'programs want characters. WHATWG Encoding Standard §4.1',
    cases: like(/^byte [89a-f]/, /^ESC [89a-f][0-9a-f]$/, /^utf-8/, /^split e282ac/),
    shows: hears(/^$|^(key (alt\+)?(\ufffd|é|€|😀)(,|$))+/),
  },
  {
    twisted: 'knows no modifiers of xterm (`CSI 1;5A`, `CSI 3;5~`, `CSI 27;5;97~`)',
    nacre: 'tells them',
    why: 'every terminal of today sends them. xterm ctlseqs, "PC-Style Function Keys"',
    cases: like(/xterm modifier/, /^modifyOtherKeys/, /^split 1b5b313b3543/, /^CSI '1;2'~/),
    shows: hears(
      /^key ((control|alt|shift)\+)+(up|down|left|right|home|end|begin|insert|delete|pageUp|pageDown|f\d+|a)$/,
    ),
  },
  {
    twisted: 'knows no cursor keys and no keypad in application mode',
    nacre: 'tells them',
    why: 'DECCKM and DECKPAM are common. DEC VT510; xterm ctlseqs',
    cases: like(/^ESC O [A-FHIMXj-y]$/, /^application-mode/, /^keypad enter/, /^mixed keypad/),
    shows: hears(/^key (up|down|left|right|home|end|begin|tab|keypad\w+)$/),
  },
  {
    twisted: 'knows no keys of rxvt and the Linux console, and reads `$ ^ @` as not ending them',
    nacre: 'tells them',
    why: "these terminals send them. rxvt's reference; console_codes(4)",
    cases: like(/^rxvt/, /^ESC O [a-d]$/, /^linux console/, /^CSI [a-d]$/, /^CSI [78]~$/),
    shows: hears(/^key ((control|shift)\+)*(up|down|left|right|home|end|delete|f\d)(,key A)?$/),
  },
  {
    twisted: 'knows F1 to F4 only as SS3, and no key past F12',
    nacre: 'tells F1 to F35',
    why: 'rxvt and kitty send the first as CSI; VT220 keyboards have the second. DEC VT510; xterm ctlseqs',
    cases: like(/^CSI (1[1-4]|2[5689]|3[1-4])~$/, /^CSI [PQRS]$/),
    shows: hears(/^key f\d+$/),
  },
  {
    twisted: 'reads `CSI O` and a letter as SS3',
    nacre: 'hears that the window has lost focus, and then the letter',
    why: 'no terminal of today sends the first; focus reports do. xterm ctlseqs, "FocusIn/FocusOut"',
    cases: like(/^CSI O ./, /^split 1b5b4f/, /^all keys/),
    shows: hears(/focus false,key [A-Z~]/),
  },
  {
    twisted: 'hands the parts of mouse events, focus reports and pastes to the program as unhandled sequences and keys',
    nacre: 'has an event for each',
    why: 'text that was pasted must not be taken for keys. xterm ctlseqs, "Mouse Tracking", "Bracketed Paste Mode"',
    cases: like(/mouse/, /^bracketed paste/, /^CSI I$/, /^CSI 200~$/),
    shows: hears(/^(mouse .*|paste hi|focus true|)$/),
  },
  {
    twisted: 'takes `CSI M` for complete',
    nacre: 'waits for the three bytes behind it',
    why: 'X10 mouse events have three. xterm ctlseqs, "Normal tracking mode"',
    cases: like(/^CSI M$/),
    shows: hears(/^$/),
  },
  {
    twisted: 'hands the content of control strings to the program as keys',
    nacre: 'hands the whole string over as one unhandled sequence',
    why: 'an answer must never be taken for keys. ECMA-48 §5.6',
    cases: like(/^DCS/),
    shows: hears(/^unhandled ESC PqESC \\$/),
  },
  {
    twisted: 'ESC ESC is alt and Escape at once, whatever follows',
    nacre: 'alt with the sequence that follows, if one does',
    why: 'rxvt and PuTTY send alt so. rxvtRef',
    cases: like(/^ESC ESC \[ A/),
    shows: hears(/^key alt\+up$/),
  },
  {
    twisted:
      'collects ESC and control characters into a sequence, and reads numbers as Python does (`+1`, `1 `, tabs, other digits)',
    nacre: 'a control character says that the sequence was cut off; a number is digits',
    why: 'ECMA-48 §5.4: a parameter is of bytes 0x30 to 0x3F. The key that was typed is not lost',
    cases: like(/^ESC then key in CSI/, /^CSI '(\+1|1 |١|1\\t)'~/),
    shows: hears(/^(key alt\+\[,key up|unhandled ESC .*|key alt\+\[,(key .*))$/),
  },
  {
    twisted: 'reports what follows SS3 at once, as if CSI had come',
    nacre: 'reports what came; behind a digit it waits for the letter',
    why: 'xterm with modifyCursorKeys=0 sends `SS3 5 A`. xterm ctlseqs; a report of what never came helps nobody',
    cases: like(/^ESC O /).filter(name => !/^ESC O [A-FHIMPQRSXa-dj-y]$/.test(name)),
    shows: hears(/^(unhandled ESC O.|key space|key alt\+O(,key .*)?|)$/),
  },
];
