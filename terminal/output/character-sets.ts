/**
 * Character sets: what the codes 0x20–0x7E stand for. Mostly for the line drawing of terminals without UTF-8.
 *
 * Four graphic sets G0–G3 hold a character set each; one of the first two is in use. Source: ECMA-35 §14; DEC VT510.
 */
import { ESC } from './control.ts';

export type CharacterSet = 'us' | 'uk' | 'line-drawing' | 'alternate' | 'alternate-special';
export type GraphicSet = 'G0' | 'G1' | 'G2' | 'G3';

/** Each set's final character on the wire. */
export const characterSets: Readonly<Record<CharacterSet, string>> = {
  us: 'B',
  uk: 'A',
  'line-drawing': '0',
  alternate: '1',
  'alternate-special': '2',
};
/** Each graphic set's intermediate character on the wire. */
export const graphicSets: Readonly<Record<GraphicSet, string>> = { G0: '(', G1: ')', G2: '*', G3: '+' };

/** Designate `set` as a graphic set. `ESC ( Dscs`, `)` `*` `+` (SCS), VT510. Throws RangeError for another name. */
export function selectCharacterSet(set: CharacterSet, into: GraphicSet): string {
  if (!Object.hasOwn(characterSets, set)) throw new RangeError(`there is no character set ${set}`);
  if (!Object.hasOwn(graphicSets, into)) throw new RangeError(`there is no graphic set ${into}`);
  return `${ESC}${graphicSets[into]}${characterSets[set]}`;
}

/** Use G0. SI, 0x0F (LS0), ECMA-48 §8.3.119. Twisted sends 0x15, which is NAK. */
export const shiftIn = (): string => '\x0f';
/** Use G1. SO, 0x0E (LS1), ECMA-48 §8.3.126. Twisted sends 0x14, which is DC4. */
export const shiftOut = (): string => '\x0e';
/** Take the next character from G2. `ESC N` (SS2), ECMA-48 §8.3.141. */
export const singleShift2 = (): string => `${ESC}N`;
/** Take the next character from G3. `ESC O` (SS3), ECMA-48 §8.3.142. */
export const singleShift3 = (): string => `${ESC}O`;
