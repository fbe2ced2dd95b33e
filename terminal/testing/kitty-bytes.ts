/**
 * What a terminal sends for a key by the kitty keyboard protocol, as far as its flags ask for it.
 *
 * Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/, "Progressive enhancement", "Functional key definitions".
 */
import { letterKeys, tildeKeys } from '../input/keys/function-keys.ts';
import { kittyKeys } from '../input/keys/kitty-keys.ts';
import type { Keystroke } from '../keystroke.ts';
import { keyboardFlags } from '../output/keyboard.ts';
import { modifierNumber } from './modifier-number.ts';

const codes = new Map([...kittyKeys].map(([code, key]) => [key, code]));
const letters = new Set(Object.values(letterKeys));
const numbered = new Set(Object.values(tildeKeys));
const events = { press: '', repeat: ':2', release: ':3' } as const;
/** Sent as always, if nothing is held, until all keys are asked for: so that a shell can be left after a crash. */
const keptPlain: ReadonlySet<string> = new Set(['enter', 'tab', 'backspace']);

/** Undefined where the protocol leaves a key as it always was. */
export function kittyBytes(stroke: Keystroke, flags: number): string | undefined {
  if (flags === 0 || isLegacy(stroke, flags)) return undefined;
  const code = codes.get(stroke.key) ?? codeOf(stroke.key);
  if (code === undefined) return undefined;
  const shifted = stroke.shift && flags & keyboardFlags.alternateKeys ? shiftedCode(stroke.key) : '';
  const text = flags & keyboardFlags.text && flags & keyboardFlags.allKeys ? textCode(stroke) : '';
  const event = flags & keyboardFlags.eventTypes ? events[stroke.event] : '';
  const number = modifierNumber(stroke);
  const held = number > 1 || event !== '' ? `;${number}${event}` : text === '' ? '' : ';';
  return `\x1b[${code}${shifted}${held}${text}u`;
}

/** Whether the key is sent as it was before. */
function isLegacy(stroke: Keystroke, flags: number): boolean {
  const { key, event, control, alt, super: isSuper } = stroke;
  if (event === 'press' && (letters.has(key) || (numbered.has(key) && !/^f1[3-9]$|^f20$/.test(key)))) return true;
  if (flags & keyboardFlags.allKeys) return false;
  if (keptPlain.has(key) && modifierNumber(stroke) === 1) return true;
  const isCharacter = key === 'space' || [...key].length === 1;
  return isCharacter && !control && !alt && !isSuper;
}

const codeOf = (key: string): number | undefined => ([...key].length === 1 ? key.codePointAt(0) : undefined);

const shiftedCode = (key: string): string => ([...key].length === 1 ? `:${key.toUpperCase().codePointAt(0) ?? 0}` : '');

function textCode({ key, shift, control, alt, super: isSuper, event }: Keystroke): string {
  if (control || alt || isSuper || event === 'release') return '';
  const text = key === 'space' ? ' ' : [...key].length === 1 ? (shift ? key.toUpperCase() : key) : '';
  return text === '' ? '' : `;${text.codePointAt(0) ?? 0}`;
}
