/**
 * Inserting and deleting, which move what stands behind; and the rows that scroll.
 *
 * Source: ECMA-48 5th ed. §8.3; DEC VT510 for the scroll region.
 */
import { count, csi, place } from './control.ts';

/** Open `characters` empty places at the cursor; what no longer fits in the row is lost. `CSI Pn @` (ICH), ECMA-48 §8.3.64. */
export const insertCharacter = (characters = 1): string => csi(`${count(characters)}@`);
/** Take out `characters` from the cursor on; the rest of the row closes up. `CSI Pn P` (DCH), ECMA-48 §8.3.26. */
export const deleteCharacter = (characters = 1): string => csi(`${count(characters)}P`);
/** Open `lines` empty rows at the cursor's; what no longer fits in the region is lost. `CSI Pn L` (IL), ECMA-48 §8.3.67. */
export const insertLine = (lines = 1): string => csi(`${count(lines)}L`);
/** Take out `lines` rows from the cursor's on; the rest of the region moves up. `CSI Pn M` (DL), ECMA-48 §8.3.32. */
export const deleteLine = (lines = 1): string => csi(`${count(lines)}M`);

/** Move what the region shows up by `rows`; the cursor stays. `CSI Pn S` (SU), ECMA-48 §8.3.147. */
export const scrollUp = (rows = 1): string => csi(`${count(rows)}S`);
/** Move what the region shows down by `rows`; the cursor stays. `CSI Pn T` (SD), ECMA-48 §8.3.113. */
export const scrollDown = (rows = 1): string => csi(`${count(rows)}T`);

/**
 * Scroll only rows `top` to `bottom`, counted from 0, both included; at least two. The cursor goes to the top left.
 * `CSI top+1 ; bottom+1 r` (DECSTBM), VT510.
 */
export function scrollRegion(top: number, bottom: number): string {
  if (top >= bottom) throw new RangeError(`a scroll region has at least two rows, got ${top} to ${bottom}`);
  return csi(`${place(top)};${place(bottom)}r`);
}

/** Scroll the whole screen again. The cursor goes to the top left. `CSI r` (DECSTBM), VT510. */
export const resetScrollRegion = (): string => csi('r');
