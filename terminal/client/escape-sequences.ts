/**
 * What escape sequences do to a terminal, by what stands behind ESC.
 *
 * Source: ECMA-48 5th ed. §8.3; DEC VT510.
 */
import { characterSets, graphicSets, type CharacterSet, type GraphicSet } from '../output/character-sets.ts';
import { keysOf } from './keys-of.ts';
import { operation, type Operation } from './operation.ts';

const designations = keysOf<GraphicSet>(graphicSets).flatMap(into =>
  keysOf<CharacterSet>(characterSets).map(
    set => [`${graphicSets[into]}${characterSets[set]}`, operation('selectCharacterSet', set, into)] as const,
  ),
);

export const escapeSequences: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['D', operation('index')],
  ['E', operation('nextLine')],
  ['M', operation('reverseIndex')],
  ['7', operation('saveCursor')],
  ['8', operation('restoreCursor')],
  ['=', operation('applicationKeypadMode')],
  ['>', operation('numericKeypadMode')],
  ['H', operation('setTabStop')],
  ['N', operation('singleShift2')],
  ['O', operation('singleShift3')],
  ['c', operation('reset')],
  ['#3', operation('doubleHeightLine', 'top')],
  ['#4', operation('doubleHeightLine', 'bottom')],
  ['#5', operation('singleWidthLine')],
  ['#6', operation('doubleWidthLine')],
  ['#8', operation('screenAlignment')],
  ...designations,
]);
