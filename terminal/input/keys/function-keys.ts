/**
 * Function keys as sequences: by final byte, by number, and what rxvt and the Linux console do their own way.
 *
 * Sources: xterm ctlseqs, "PC-Style Function Keys", "VT220-Style Function Keys"; DEC VT510, "Keyboard"; rxvt's reference
 * (rxvtRef); Linux console_codes(4) and its default keymap; terminfo entries xterm, rxvt, linux, vt220, screen.
 */

/** `CSI … final`, with modifiers as `CSI 1 ; m final`; all but Z also as `SS3 final`. */
export const letterKeys: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

/** `CSI n ~`, with modifiers as `CSI n ; m ~`. 7 and 8 are rxvt's; 1 and 4 are those of VT220 keyboards and Linux. */
export const tildeKeys: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageUp',
  6: 'pageDown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
  25: 'f13',
  26: 'f14',
  28: 'f15',
  29: 'f16',
  31: 'f17',
  32: 'f18',
  33: 'f19',
  34: 'f20',
};

/** `SS3 final` of the keypad in application mode, and what the key would insert. VT510; xterm ctlseqs. */
export const keypadKeys: Readonly<Record<string, readonly [key: string, text?: string]>> = {
  ' ': ['space', ' '],
  I: ['tab'],
  M: ['keypadEnter'],
  X: ['keypadEqual', '='],
  j: ['keypadMultiply', '*'],
  k: ['keypadAdd', '+'],
  l: ['keypadSeparator', ','],
  m: ['keypadSubtract', '-'],
  n: ['keypadDecimal', '.'],
  o: ['keypadDivide', '/'],
  p: ['keypad0', '0'],
  q: ['keypad1', '1'],
  r: ['keypad2', '2'],
  s: ['keypad3', '3'],
  t: ['keypad4', '4'],
  u: ['keypad5', '5'],
  v: ['keypad6', '6'],
  w: ['keypad7', '7'],
  x: ['keypad8', '8'],
  y: ['keypad9', '9'],
};

/** `CSI [ final` of the Linux console. */
export const linuxKeys: Readonly<Record<string, string>> = { A: 'f1', B: 'f2', C: 'f3', D: 'f4', E: 'f5' };

/** rxvt: `CSI final` is shift, `SS3 final` is control. */
export const rxvtArrows: Readonly<Record<string, string>> = { a: 'up', b: 'down', c: 'right', d: 'left' };

/** rxvt: `CSI n` and one of these instead of `~`. Shift's is no final byte by ECMA-48 §5.4, but it ends these keys. */
export const rxvtSuffixes = {
  $: { shift: true },
  '^': { control: true },
  '@': { control: true, shift: true },
} as const;
