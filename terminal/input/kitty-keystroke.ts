/**
 * Keys as `CSI code : shifted : base ; modifiers : event ; text u`.
 *
 * Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/. xterm's formatOtherKeys and libtickit's fixterms are the same
 * with less. Control characters are no keys and no text, whatever a terminal says.
 */
import type { Keystroke } from '../keystroke.ts';
import { numberAt, type ControlSequence } from '../parsing/control-sequence.ts';
import { keypadText, kittyKeys } from './keys/kitty-keys.ts';
import { modifiersOf } from './modifiers.ts';

const mostText = 32;

export function kittyKeystroke(sequence: ControlSequence): Keystroke | undefined {
  const { parameters } = sequence;
  const key = keyNamed(numberAt(sequence, 0));
  const held = modifiersOf(numberAt(sequence, 1, 0, 1), numberAt(sequence, 1, 1, 1));
  const codes = (parameters[2] ?? []).filter(code => code >= 0);
  if (key === undefined || !held || parameters.length > 3 || codes.length > mostText) return undefined;
  const shiftedKey = keyNamed(numberAt(sequence, 0, 1));
  const baseKey = keyNamed(numberAt(sequence, 0, 2));
  const said = codes.map(characterOf);
  if (said.includes(undefined)) return undefined;
  const stroke: Keystroke = {
    // xterm says `A` with shift where kitty says `a`.
    key: held.shift && /^[A-Z]$/.test(key) ? key.toLowerCase() : key,
    ...held,
    ...(shiftedKey === undefined ? {} : { shiftedKey }),
    ...(baseKey === undefined ? {} : { baseKey }),
  };
  const text = said.join('') || textOf(stroke);
  return text === undefined || stroke.event === 'release' ? stroke : { ...stroke, text };
}

function keyNamed(code: number): string | undefined {
  return kittyKeys.get(code) ?? characterOf(code);
}

/** Undefined for what is no character, or a control character. */
function characterOf(code: number): string | undefined {
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const isNone = code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || (code >= 57_344 && code <= 57_454);
  return isControl || isNone ? undefined : String.fromCodePoint(code);
}

/** What a key inserts when the terminal does not say. With other keys held than shift: nothing. */
function textOf({ key, shiftedKey, shift, ...held }: Keystroke): string | undefined {
  if (held.control || held.alt || held.super || held.hyper || held.meta) return undefined;
  if (key === 'space') return ' ';
  if (keypadText[key] !== undefined) return keypadText[key];
  if ([...key].length !== 1) return undefined;
  if (shift) return shiftedKey ?? key.toUpperCase();
  return held.capsLock ? key.toUpperCase() : key;
}
