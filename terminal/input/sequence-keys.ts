/**
 * Which key a sequence is: one reader for each form, by its final byte, over the tables in keys/.
 *
 * A sequence that is nearly a key's is none: numbers that no terminal sends make it unhandled, as Twisted does too.
 */
import { keystroke, type Keystroke } from '../keystroke.ts';
import { latin1, numberAt, type ControlSequence } from '../parsing/control-sequence.ts';
import { keypadKeys, letterKeys, linuxKeys, rxvtArrows, rxvtSuffixes, tildeKeys } from './keys/function-keys.ts';
import { kittyKeystroke } from './kitty-keystroke.ts';
import { modifiersOf } from './modifiers.ts';

type Key = Keystroke | undefined;

/** The key that a control sequence is, if it is one. */
export function keyOfControlSequence(sequence: ControlSequence): Key {
  const { prefix, intermediates, final } = sequence;
  if (intermediates !== '') return final === '' && prefix === '' ? rxvtKey(sequence, intermediates) : undefined;
  if (Object.hasOwn(letterKeys, final)) return letterKey(sequence);
  if (prefix !== '') return undefined;
  if (final === '~') return numberAt(sequence, 0) === 27 ? otherKey(sequence) : tildeKey(sequence);
  if (final === 'u') return kittyKeystroke(sequence);
  if (final === 'Z') return backTab(sequence);
  if (Object.hasOwn(rxvtSuffixes, final)) return rxvtKey(sequence, final);
  return sequence.parameters.length === 0 ? named(rxvtArrows[final], { shift: true }) : undefined;
}

/** The key that `SS3 …` is: cursor keys, keypad, and modifiers in the oldest form of xterm's, `SS3 m final`. */
export function keyOfSs3(sequence: Uint8Array): Key {
  const final = latin1(sequence, sequence.length - 1);
  const number = latin1(sequence, 2, sequence.length - 1);
  if (number !== '') return modifiedSs3(number, final);
  const [key, text] = keypadKeys[final] ?? [];
  if (key !== undefined) return keystroke(key, text === undefined ? {} : { text });
  return named(letterKeys[final]) ?? named(rxvtArrows[final], { control: true });
}

/** The key that `CSI [ final` is. */
export const keyOfLinux = (sequence: Uint8Array): Key => named(linuxKeys[latin1(sequence, 3)]);

/** Whether a sequence that ends in `$` is a key of rxvt's with shift. */
export function endsAtDollar(sequence: Uint8Array): boolean {
  const number = latin1(sequence, 2, sequence.length - 1);
  return /^\d\d?$/.test(number) && Object.hasOwn(tildeKeys, number) && number !== '1' && number !== '4';
}

const named = (key: string | undefined, particulars: Partial<Keystroke> = {}): Key =>
  key === undefined ? undefined : keystroke(key, particulars);

/** `CSI final`, `CSI 1 ; m : event final`, and by xterm's option modifyCursorKeys `CSI m final`, `CSI > 1 ; m final`. */
function letterKey(sequence: ControlSequence): Key {
  const { prefix, parameters, final } = sequence;
  const key = letterKeys[final];
  if (prefix !== '' && (prefix !== '>' || parameters.length !== 2)) return undefined;
  if (parameters.length === 0) return named(key);
  if (parameters.length === 1) return numberAt(sequence, 0) > 1 ? modified(key, numberAt(sequence, 0)) : undefined;
  if (parameters.length > 2 || numberAt(sequence, 0, 0, 1) !== 1) return undefined;
  return modified(key, numberAt(sequence, 1), numberAt(sequence, 1, 1, 1));
}

/** `CSI n ~`, `CSI n ; m : event ~`. */
function tildeKey(sequence: ControlSequence): Key {
  if (sequence.parameters.length > 2) return undefined;
  const m = sequence.parameters.length === 1 ? 1 : numberAt(sequence, 1);
  return modified(tildeKeys[numberAt(sequence, 0)], m, numberAt(sequence, 1, 1, 1));
}

/** xterm's modifyOtherKeys: `CSI 27 ; m ; code ~` is what kitty says as `CSI code ; m u`. */
function otherKey({ parameters: [, m, code, ...more], ...rest }: ControlSequence): Key {
  if (m === undefined || code === undefined || more.length > 0) return undefined;
  return kittyKeystroke({ ...rest, parameters: [code, m] });
}

function backTab(sequence: ControlSequence): Key {
  if (sequence.parameters.length === 0) return keystroke('tab', { shift: true });
  const tab = modified('tab', numberAt(sequence, 1), numberAt(sequence, 1, 1, 1));
  return tab && numberAt(sequence, 0) === 1 ? { ...tab, shift: true } : undefined;
}

function rxvtKey(sequence: ControlSequence, suffix: string): Key {
  const held = suffix === '$' || suffix === '^' || suffix === '@' ? rxvtSuffixes[suffix] : undefined;
  return held && sequence.parameters.length === 1 ? named(tildeKeys[numberAt(sequence, 0)], held) : undefined;
}

const modifiedSs3 = (number: string, final: string): Key =>
  /^(1;)?\d{1,3}$/.test(number) ? modified(letterKeys[final], Number(number.replace(/^1;/, ''))) : undefined;

function modified(key: string | undefined, m: number, event = 1): Key {
  const held = modifiersOf(m, event);
  return key === undefined || !held ? undefined : { key, ...held };
}
