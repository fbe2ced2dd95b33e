/**
 * What a terminal sends for a key, as xterm does: the other direction of terminal/input/.
 *
 * It depends on what the program has asked for: cursor keys, keypad, kitty keyboard protocol. A key that has no bytes of its
 * own is refused, though a real terminal would send another's: a test that presses it does not test what it says.
 * Source: xterm ctlseqs, "PC-Style Function Keys", "VT220-Style Function Keys"; the kitty protocol's page.
 */
import { keypadKeys, letterKeys, tildeKeys } from '../input/keys/function-keys.ts';
import { keystrokeName, type Keystroke } from '../keystroke.ts';
import { kittyBytes } from './kitty-bytes.ts';
import { modifierNumber } from './modifier-number.ts';

/** What of the modes of a screen decides. */
export interface KeyModes {
  readonly cursorKeys: boolean;
  readonly applicationKeypad: boolean;
  readonly keyboardFlags: number;
}

const ESC = '\x1b';
const swapped = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).map(([bytes, key]) => [key, bytes]));

const letters = swapped(letterKeys);
/** rxvt's Home and End, and its F1 to F4, are not xterm's. */
const numbers = new Map([...swapped(tildeKeys)].filter(([key]) => !letters.has(key)));
const keypad = new Map(Object.entries(keypadKeys).map(([final, [key, text]]) => [key, { final, text }]));
/** Sent as SS3 in any mode. */
const alwaysSs3: ReadonlySet<string> = new Set(['f1', 'f2', 'f3', 'f4']);

const simple: Readonly<Record<string, string>> = { enter: '\r', tab: '\t', backspace: '\x7f', escape: ESC, space: ' ' };

/** Throws RangeError for a key that has no bytes of its own in these modes. */
export function keyBytes(stroke: Keystroke, modes: KeyModes): string {
  const bytes = kittyBytes(stroke, modes.keyboardFlags) ?? legacyBytes(stroke, modes);
  if (bytes === undefined || (stroke.event !== 'press' && modes.keyboardFlags === 0))
    throw new RangeError(`no terminal can send ${keystrokeName(stroke)}: it has no bytes, or those of another key`);
  return bytes;
}

/** As it was before the kitty protocol. */
function legacyBytes(stroke: Keystroke, modes: KeyModes): string | undefined {
  const { key } = stroke;
  const letter = letters.get(key);
  if (letter !== undefined) return letterBytes(letter, stroke, modes);
  const number = numbers.get(key);
  if (number !== undefined) return `${ESC}[${number}${suffixed(stroke)}~`;
  if (stroke.super) return undefined;
  const pad = keypad.get(key);
  if (pad && key.startsWith('keypad')) return keypadBytes(pad, stroke, modes);
  if (key === 'tab' && stroke.shift && !stroke.control) return withAlt(stroke, `${ESC}[Z`);
  const plain = plainBytes(stroke);
  return plain === undefined ? undefined : withAlt(stroke, plain);
}

const withAlt = ({ alt }: Keystroke, bytes: string): string => (alt ? ESC + bytes : bytes);

const suffixed = (stroke: Keystroke): string => (modifierNumber(stroke) === 1 ? '' : `;${modifierNumber(stroke)}`);

function letterBytes(letter: string, stroke: Keystroke, { cursorKeys }: KeyModes): string {
  if (modifierNumber(stroke) > 1) return `${ESC}[1${suffixed(stroke)}${letter}`;
  return `${ESC}${cursorKeys || alwaysSs3.has(stroke.key) ? 'O' : '['}${letter}`;
}

function keypadBytes(
  { final, text }: { final: string; text: string | undefined },
  stroke: Keystroke,
  { applicationKeypad }: KeyModes,
): string | undefined {
  if (modifierNumber(stroke) > 1) return undefined;
  return applicationKeypad ? `${ESC}O${final}` : (text ?? '\r');
}

/** Keys of one byte, and characters. */
function plainBytes({ key, control, shift }: Keystroke): string | undefined {
  const named = simple[key];
  if (control) return shift ? undefined : controlByte(key);
  if (named !== undefined) return shift ? undefined : named;
  if ([...key].length !== 1) return undefined;
  return shift ? key.toUpperCase() : key;
}

/** Those that are no key of their own: tab, enter, escape. */
const taken = /[im[]/;

/** ECMA-48 §5.2: what remains of a character when its upper bits are taken away. */
function controlByte(key: string): string | undefined {
  if (key === 'space') return '\0';
  return /^[a-z[\\\]^_]$/.test(key) && !taken.test(key)
    ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 0x1f)
    : undefined;
}
