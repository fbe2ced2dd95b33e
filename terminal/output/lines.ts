/** How large a row is drawn. Few terminals still do it; the others ignore it. Source: DEC VT510. */
import { ESC } from './control.ts';

/** The cursor's row is one half of letters of double height. `ESC # 3` and `ESC # 4` (DECDHL), VT510. */
export const doubleHeightLine = (half: 'top' | 'bottom'): string => `${ESC}#${half === 'top' ? 3 : 4}`;
/** `ESC # 5` (DECSWL), VT510. */
export const singleWidthLine = (): string => `${ESC}#5`;
/** `ESC # 6` (DECDWL), VT510. */
export const doubleWidthLine = (): string => `${ESC}#6`;
/** Fill the screen with E. `ESC # 8` (DECALN), VT510. */
export const screenAlignment = (): string => `${ESC}#8`;
