/** Modes by their numbers: the name, or the number itself where there is none. */
import { modes, privateModes } from '../output/modes.ts';
import { keysOf } from './keys-of.ts';

function named<Name extends string>(names: Readonly<Record<Name, number>>): (number: number) => Name | number {
  const byNumber = new Map(keysOf(names).map(name => [names[name], name]));
  return number => byNumber.get(number) ?? number;
}

export const modeOf = named(modes);
export const privateModeOf = named(privateModes);
