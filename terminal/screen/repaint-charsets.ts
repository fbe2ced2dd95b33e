/** Character sets as the sequences that select them. A set is named by its final byte. Source: DEC VT510, SCS, LS. */
import { ESC } from '../output/control.ts';

/** US ASCII, as after a reset. */
export const us = 'B';

const slots = ['(', ')', '*', '+'] as const;
/** SI, SO, LS2, LS3. */
const shifts = ['\x0f', '\x0e', `${ESC}n`, `${ESC}o`] as const;

export interface Charsets {
  /** G0 to G3. */
  readonly sets: readonly string[];
  /** Which of them is in use. */
  readonly used: number;
  /** What is in force: after a restored cursor it may be another than the one in use. */
  readonly inForce: string;
}

/** `set` from here on. */
export const selectSet = (set: string): string => `${ESC}(${set}`;

/** All four, and the shift. Where what is in force is another than what is in use, it takes the other's place. */
export function finalCharsets({ sets, used, inForce }: Charsets): string {
  const wanted = sets.map((set, slot) => (slot === used ? inForce : set));
  const designated = wanted.map((set, slot) => (set === us ? '' : `${ESC}${slots[slot] ?? '('}${set}`));
  return designated.join('') + (used === 0 ? '' : (shifts[used] ?? ''));
}
