/**
 * Questions to a terminal; terminal/reports/ reads the answers.
 *
 * Source: ECMA-48 5th ed. §8.3.24, §8.3.35; DEC VT510; xterm ctlseqs.
 */
import { csi, osc } from './control.ts';
import { modeNumber, privateModeNumber, type Mode, type PrivateMode } from './modes.ts';

/** `CSI 6 n` (DSR), ECMA-48 §8.3.35; answered by CPR, §8.3.14. */
export const requestCursorPosition = (): string => csi('6n');
/** `CSI c` (DA1), ECMA-48 §8.3.24. Nearly every terminal answers, so it fences in what came before. */
export const requestDeviceAttributes = (): string => csi('c');
/** `CSI > c` (DA2), VT510. */
export const requestSecondaryDeviceAttributes = (): string => csi('>c');
/** `CSI = c` (DA3), VT510. */
export const requestTertiaryDeviceAttributes = (): string => csi('=c');
/** `CSI > q` (XTVERSION), xterm ctlseqs. */
export const requestVersion = (): string => csi('>q');
/** `OSC 10 ; ? ST`, xterm ctlseqs. */
export const requestForeground = (): string => osc('10;?');
/** `OSC 11 ; ? ST`, xterm ctlseqs. */
export const requestBackground = (): string => osc('11;?');
/** `CSI 18 t` (XTWINOPS), xterm ctlseqs. */
export const requestSizeInCells = (): string => csi('18t');
/** `CSI 14 t` (XTWINOPS), xterm ctlseqs. */
export const requestSizeInPixels = (): string => csi('14t');
/** `CSI 16 t` (XTWINOPS), xterm ctlseqs. */
export const requestCellSize = (): string => csi('16t');
/** `CSI Pd $ p` (DECRQM), VT510. */
export const requestMode = (mode: Mode): string => csi(`${modeNumber(mode)}$p`);
/** `CSI ? Pd $ p` (DECRQM), VT510. */
export const requestPrivateMode = (mode: PrivateMode): string => csi(`?${privateModeNumber(mode)}$p`);
