/** xterm's and kitty's number of the keys held: 1 and a bit for each. Source: xterm ctlseqs, "PC-Style Function Keys". */
import type { Keystroke } from '../keystroke.ts';

export const modifierNumber = ({ shift, alt, control, super: isSuper }: Keystroke): number =>
  1 + Number(shift) + 2 * Number(alt) + 4 * Number(control) + 8 * Number(isSuper);
