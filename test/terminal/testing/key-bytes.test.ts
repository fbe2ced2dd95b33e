/** Keys as the bytes that xterm sends: some written down, and all read back by the decoder of terminal/input/. */
import { describe, expect, test } from '@jest/globals';
import { InputDecoder, type InputListener } from '../../../terminal/input/input-decoder.ts';
import { keypadKeys, letterKeys, tildeKeys } from '../../../terminal/input/keys/function-keys.ts';
import { kittyKeys } from '../../../terminal/input/keys/kitty-keys.ts';
import { keystroke, keystrokeName, type Keystroke, type MouseEvent } from '../../../terminal/keystroke.ts';
import { keyboardFlags } from '../../../terminal/output/keyboard.ts';
import { mouseBytes, pasteBytes } from '../../../terminal/testing/hand-bytes.ts';
import { keyBytes, type KeyModes } from '../../../terminal/testing/key-bytes.ts';
import { keyNamed } from '../../../terminal/testing/key-name.ts';

const atFirst: KeyModes = { cursorKeys: false, applicationKeypad: false, keyboardFlags: 0 };
const bytesOf = (name: string, modes: Partial<KeyModes> = {}): string =>
  keyBytes(keyNamed(name), { ...atFirst, ...modes });

describe('bytes', () => {
  // the key · what xterm sends · in which modes
  const facts: Array<[name: string, bytes: string, modes?: Partial<KeyModes>]> = [
    ['a', 'a'],
    ['A', 'A'],
    ['shift+a', 'A'],
    ['日', '日'],
    ['space', ' '],
    ['-', '-'],
    ['ctrl-c', '\x03'],
    ['control+space', '\0'],
    ['ctrl-\\', '\x1c'],
    ['alt-x', '\x1bx'],
    ['alt+ctrl+a', '\x1b\x01'],
    ['enter', '\r'],
    ['tab', '\t'],
    ['shift-tab', '\x1b[Z'],
    ['backspace', '\x7f'],
    ['alt-backspace', '\x1b\x7f'],
    ['esc', '\x1b'],
    ['up', '\x1b[A'],
    ['up', '\x1bOA', { cursorKeys: true }],
    ['ctrl-up', '\x1b[1;5A', { cursorKeys: true }],
    ['home', '\x1b[H'],
    ['delete', '\x1b[3~'],
    ['shift+pageUp', '\x1b[5;2~'],
    ['f1', '\x1bOP'],
    ['ctrl+shift+f1', '\x1b[1;6P'],
    ['f5', '\x1b[15~'],
    ['f12', '\x1b[24~'],
    ['keypad5', '5'],
    ['keypad5', '\x1bOu', { applicationKeypad: true }],
    ['keypadEnter', '\r'],
    ['super+up', '\x1b[1;9A'],
    ['a', 'a', { keyboardFlags: 1 }],
    ['esc', '\x1b[27u', { keyboardFlags: 1 }],
    ['ctrl+i', '\x1b[105;5u', { keyboardFlags: 1 }],
    ['enter', '\r', { keyboardFlags: 1 }],
    ['ctrl+enter', '\x1b[13;5u', { keyboardFlags: 1 }],
    ['f13', '\x1b[57376u', { keyboardFlags: 1 }],
    ['a', '\x1b[97u', { keyboardFlags: 8 }],
    ['shift+a', '\x1b[97:65;2;65u', { keyboardFlags: 1 + 4 + 8 + 16 }],
    ['a', '\x1b[97;;97u', { keyboardFlags: 8 + 16 }],
  ];
  test.each(facts.map(([name, bytes, modes = {}]) => [name, bytes, modes] as const))(
    'of %s are %j %j',
    (name, bytes, modes) => expect(bytesOf(name, modes)).toBe(bytes),
  );

  test.each(['ctrl+enter', 'ctrl+i', 'ctrl+1', 'super+a', 'f30', 'nonsense', 'shift+enter', 'ctrl+shift+a'])(
    '%s has none without the kitty protocol',
    name => expect(() => bytesOf(name)).toThrow(RangeError),
  );
});

/** What the decoder makes of bytes. */
function heard(bytes: string): string[] {
  const log: string[] = [];
  const listener: InputListener = {
    keystroke: stroke => log.push(keystrokeName(stroke)),
    paste: ({ text }) => log.push(`paste ${text}`),
    mouse: ({ event, button, column, row, ...held }) =>
      log.push(`${keystrokeName({ ...keystroke(event), ...held, event: 'press' })} ${button} ${column},${row}`),
    focus: () => log.push('focus'),
    isClaiming: false,
    claims: () => false,
    unhandled: sequence => log.push(`unhandled ${Buffer.from(sequence).toString('latin1')}`),
  };
  const decoder = new InputDecoder(listener);
  decoder.feed(Buffer.from(bytes, 'latin1'));
  decoder.flush();
  return log;
}

const held = Array.from({ length: 16 }, (_, bits) => ({
  shift: (bits & 1) !== 0,
  alt: (bits & 2) !== 0,
  control: (bits & 4) !== 0,
  super: (bits & 8) !== 0,
}));
const printable = Array.from({ length: 0x5e }, (_, code) => String.fromCharCode(code + 0x21));
const named = [
  ...Object.values(letterKeys),
  ...Object.values(tildeKeys),
  ...Object.values(keypadKeys).map(([key]) => key),
  ...kittyKeys.values(),
];
const allKeys = [...new Set([...printable, ...named])];

describe('every key that can be sent is read back as what it was', () => {
  const modes: Array<[title: string, modes: KeyModes, atLeast: number]> = [
    ['at first', atFirst, 800],
    ['with application keys', { ...atFirst, cursorKeys: true, applicationKeypad: true }, 800],
    ['with kitty flag 1', { ...atFirst, keyboardFlags: keyboardFlags.disambiguate }, 2_000],
    ['with all kitty flags', { ...atFirst, keyboardFlags: 31 }, 2_900],
  ];

  test.each(modes)('%s', (_title, mode, atLeast) => {
    let count = 0;
    for (const key of allKeys) {
      for (const modifiers of held) {
        const stroke = keystroke(key, modifiers);
        const bytes = sent(stroke, mode);
        if (bytes === undefined) continue;
        count += 1;
        expect({ key: keystrokeName(stroke), heard: heard(bytes) }).toEqual({
          key: keystrokeName(stroke),
          heard: [readAs(stroke, mode)],
        });
      }
    }
    expect(count).toBeGreaterThan(atLeast);
  });

  function sent(stroke: Keystroke, mode: KeyModes): string | undefined {
    try {
      return keyBytes(stroke, mode);
    } catch {
      return undefined;
    }
  }

  /** Shift is not told for characters as they always were, and the keypad's keys are their characters. */
  function readAs(stroke: Keystroke, mode: KeyModes): string {
    const { key, shift, ...more } = stroke;
    const isCharacter = [...key].length === 1;
    if (mode.keyboardFlags === 0 && key.startsWith('keypad') && !mode.applicationKeypad) return keypadCharacter(key);
    if (isCharacter && shift && !isEscaped(stroke, mode))
      return keystrokeName({ ...more, shift: false, key: key.toUpperCase() });
    // xterm names the shifted character where kitty names the key; the decoder says the key.
    if (shift && /^[A-Z]$/.test(key)) return keystrokeName({ ...more, shift, key: key.toLowerCase() });
    return keystrokeName(stroke);
  }

  const keypadCharacter = (key: string): string => {
    const [, text] = Object.values(keypadKeys).find(([name]) => name === key) ?? [];
    return text ?? 'enter';
  };

  const isEscaped = ({ control, alt, super: isSuper }: Keystroke, { keyboardFlags: flags }: KeyModes): boolean =>
    (flags & 8) !== 0 || (flags !== 0 && (control || alt || isSuper));
});

describe('the mouse', () => {
  const event = (particulars: Partial<MouseEvent>): MouseEvent => ({
    ...{ event: 'press', button: 'left', column: 9, row: 19 },
    ...{ control: false, alt: false, shift: false, super: false },
    ...particulars,
  });
  const sgr = { mouse: 'motion', mouseEncoding: 'sgr' } as const;

  const events: Array<Partial<MouseEvent>> = [
    {},
    { event: 'release' },
    { button: 'middle', control: true },
    { button: 'right', alt: true, shift: true },
    { button: 'back' },
    { button: 'forward' },
    { event: 'move', button: 'none' },
    { event: 'move' },
    { event: 'wheel-up', button: 'none' },
    { event: 'wheel-down', button: 'none' },
    { event: 'wheel-left', button: 'none' },
    { event: 'wheel-right', button: 'none' },
  ];
  test.each(events)('%j is read back', particulars => {
    const { event: what, button, column, row, ...keys } = event(particulars);
    const name = keystrokeName({ ...keystroke(what), ...keys, event: 'press' });
    expect(heard(mouseBytes(event(particulars), sgr) ?? '')).toEqual([`${name} ${button} ${column},${row}`]);
  });

  test('in its first encoding is read back, but for what was released', () => {
    const first = { mouse: 'buttons', mouseEncoding: 'x10' } as const;
    expect(heard(mouseBytes(event({ column: 200 }), first) ?? '')).toEqual(['press left 200,19']);
    expect(heard(mouseBytes(event({ event: 'release' }), first) ?? '')).toEqual(['release none 9,19']);
    expect(mouseBytes(event({ column: 223 }), first)).toBeUndefined();
  });

  test.each([
    ['none', {}, false],
    ['press', {}, true],
    ['press', { event: 'release' }, false],
    ['buttons', { event: 'release' }, true],
    ['buttons', { event: 'move' }, false],
    ['drag', { event: 'move' }, true],
    ['drag', { event: 'move', button: 'none' }, false],
    ['motion', { event: 'move', button: 'none' }, true],
  ] as const)('in mode %s: %j is told: %j', (mouse, particulars, isTold) => {
    expect(mouseBytes(event(particulars), { mouse, mouseEncoding: 'sgr' }) !== undefined).toBe(isTold);
  });
});

describe('a paste', () => {
  test('is marked where the program asks for it, and cannot end early', () => {
    const bytes = pasteBytes('a\r\nb\x1b[201~c', { bracketedPaste: true });
    expect(bytes).toBe('\x1b[200~a\rb[201~c\x1b[201~');
    expect(heard(bytes)).toEqual(['paste a\nb[201~c']);
  });
  test('is typed where it does not', () => {
    expect(heard(pasteBytes('a\n', { bracketedPaste: false }))).toEqual(['a', 'enter']);
  });
});
