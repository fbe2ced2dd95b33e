/**
 * Erasing, which keeps the places and empties them with the current background.
 *
 * Source: ECMA-48 5th ed. §8.3; xterm ctlseqs for the scrollback.
 */
import { count, csi } from './control.ts';

/** From the cursor, included, to the end of its row. `CSI K` (EL), ECMA-48 §8.3.41. */
export const eraseToLineEnd = (): string => csi('K');
/** From the beginning of the row to the cursor, included. `CSI 1 K` (EL), ECMA-48 §8.3.41. */
export const eraseToLineBeginning = (): string => csi('1K');
/** The cursor's row; the cursor stays. `CSI 2 K` (EL), ECMA-48 §8.3.41. */
export const eraseLine = (): string => csi('2K');
/** From the cursor, included, to the end of the screen. `CSI J` (ED), ECMA-48 §8.3.39. */
export const eraseToDisplayEnd = (): string => csi('J');
/** From the beginning of the screen to the cursor, included. `CSI 1 J` (ED), ECMA-48 §8.3.39. */
export const eraseToDisplayBeginning = (): string => csi('1J');
/** The whole screen; the cursor stays. `CSI 2 J` (ED), ECMA-48 §8.3.39. */
export const eraseDisplay = (): string => csi('2J');
/** The lines that have scrolled away. `CSI 3 J` (ED), xterm ctlseqs. */
export const eraseScrollback = (): string => csi('3J');
/** `characters` from the cursor on, in its row. `CSI Pn X` (ECH), ECMA-48 §8.3.38. */
export const eraseCharacter = (characters = 1): string => csi(`${count(characters)}X`);
