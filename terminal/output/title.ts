/** The title of the terminal's window. Source: xterm ctlseqs, "Operating System Commands", "Window manipulation". */
import { csi, osc, stringText } from './control.ts';

const LONGEST = 255;

/** A title as a terminal is told it. */
export const titleText = (title: string): string => stringText(title, LONGEST);

/** `OSC 2 ; title ST`. Control characters are taken out, and all past 255 characters. */
export const setTitle = (title: string): string => osc(`2;${titleText(title)}`);
/** Remember the title. `CSI 22 ; 2 t` (XTWINOPS). */
export const pushTitle = (): string => csi('22;2t');
/** Back to the title that was remembered. `CSI 23 ; 2 t` (XTWINOPS). */
export const popTitle = (): string => csi('23;2t');
