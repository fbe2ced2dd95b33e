/**
 * All special keys of two terminals that are not on this machine, as their own sources say.
 *
 * Windows Terminal: microsoft/terminal, src/terminal/input/terminalInput.cpp, held to by
 * src/terminal/adapter/ut_adapter/inputTest.cpp there. iTerm2: gnachman/iTerm2, sources/VT100Output.m, with TERM=xterm-256color.
 */
import type { Fact } from './facts.ts';

/** CSI. */
const C = '\x1b[';
/** SS3. */
const O = '\x1bO';

/** Keys with a letter: CSI or SS3, and with modifiers `CSI 1 ; m`. */
const letters = {
  ...{ up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' },
  ...{ f1: 'P', f2: 'Q', f3: 'R', f4: 'S' },
} as const;
/** Keys with a number: `CSI n ~`, and with modifiers `CSI n ; m ~`. */
const numbers = {
  ...{ delete: 3, pageUp: 5, pageDown: 6 },
  ...{ f5: 15, f6: 17, f7: 18, f8: 19, f9: 20, f10: 21, f11: 23, f12: 24 },
} as const;

/** Those of `keys`, one behind the other, and what they are. */
function all(source: string, keys: Readonly<Record<string, string>>): Fact {
  return [Object.values(keys).join(''), Object.keys(keys), source];
}

/** Every key of `letters` and `numbers` with modifiers. */
function modified(terminal: string, modifiers: Readonly<Record<string, number>>): Fact[] {
  return Object.entries(modifiers).map(([held, m]) => {
    const lettered = Object.entries(letters).map(([key, letter]) => [key, `1;${m}${letter}`] as const);
    const numbered = Object.entries(numbers).map(([key, number]) => [key, `${number};${m}~`] as const);
    const sent = [...lettered, ...numbered];
    return [sent.map(([, rest]) => C + rest).join(''), sent.map(([key]) => `${held}+${key}`), `${terminal}, ${held}`];
  });
}

const numbered = Object.fromEntries(Object.entries(numbers).map(([key, number]) => [key, `${C}${number}~`]));
const cursorKeys = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' };
const prefixed = (prefix: string, keys: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(keys).map(([key, letter]) => [key, prefix + letter]));

const both = (terminal: string): Fact[] => [
  all(`${terminal}, cursor keys`, prefixed(C, cursorKeys)),
  all(`${terminal}, application cursor keys`, prefixed(O, cursorKeys)),
  all(`${terminal}, F1 to F4`, prefixed(O, { f1: 'P', f2: 'Q', f3: 'R', f4: 'S' })),
  all(`${terminal}, numbered keys`, { insert: `${C}2~`, ...numbered }),
  all(`${terminal}, shift and tab`, { 'shift+tab': `${C}Z` }),
];

const windowsTerminal: readonly Fact[] = [
  ...both('Windows Terminal'),
  ...modified('Windows Terminal', {
    ...{ shift: 2, alt: 3, 'alt+shift': 4, control: 5 },
    ...{ 'control+shift': 6, 'control+alt': 7, 'control+alt+shift': 8 },
  }),
  [`${C}2;5~`, ['control+insert'], 'Windows Terminal'],
  ['\x7f\x1b\x7f', ['backspace', 'alt+backspace'], 'Windows Terminal'],
  ['\b', ['control+h mute'], 'Windows Terminal, control and Backspace'],
  ['\t', ['tab'], 'Windows Terminal, control and Tab'],
  ['\x1a', ['control+z mute'], 'Windows Terminal, Pause'],
  ['\x00\x1b\x00', ['control+space', 'control+alt+space'], 'Windows Terminal, control and space or 2'],
  ['\x1b/\x1f', ['alt+/ mute', 'control+_ mute'], 'Windows Terminal, alt and control with /'],
  [
    '\x1c\x1d\x1e\x1f',
    ['control+\\ mute', 'control+] mute', 'control+^ mute', 'control+_ mute'],
    'its control+4 to +7',
  ],
  [`${C}65;30;97;1;0;1_`, ['unhandled ESC [65;30;97;1;0;1_'], 'its own mode, win32-input-mode, which we never set'],
];

const iterm2: readonly Fact[] = [
  ...both('iTerm2'),
  ...modified('iTerm2', { shift: 2, control: 5, 'control+shift': 6 }),
  ...modified('iTerm2, Option as alt:', { alt: 3 }),
  ...modified('iTerm2, Option as meta, its default; 8 is super in the kitty protocol:', {
    ...{ super: 9, 'super+control': 13, 'super+control+shift': 14 },
  }),
  [`${C}1;10P${C}15;10~`, ['super+shift+f1', 'super+shift+f5'], 'iTerm2, shift and Option as meta'],
  ['\x1bf\x1bb', ['alt+f mute', 'alt+b mute'], 'iTerm2, Option as Esc+; its natural text editing sends words so'],
  [`${O}p${O}y${O}j${O}M`, ['keypad0 "0"', 'keypad9 "9"', 'keypadMultiply "*"', 'keypadEnter'], 'iTerm2, keypad'],
  [`${C}1~${C}4~`, ['home', 'end'], 'iTerm2 in an integrated tmux'],
  [`${C}<0;1;1M${C}<0;1;1m`, ['mouse press left 0,0', 'mouse release left 0,0'], 'iTerm2, SGR mouse'],
];

export const terminalFacts: readonly Fact[] = [...windowsTerminal, ...iterm2];
