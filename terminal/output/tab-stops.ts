/** Tab stops. Terminals begin with one in every eighth column. Source: ECMA-48 5th ed. §8.3. */
import { csi, ESC } from './control.ts';

/** Set one in the cursor's column. `ESC H` (HTS), ECMA-48 §8.3.62. */
export const setTabStop = (): string => `${ESC}H`;
/** Clear the one in the cursor's column. `CSI g` (TBC), ECMA-48 §8.3.154; Twisted's `CSI q` is something else. */
export const clearTabStop = (): string => csi('g');
/** Clear all. `CSI 3 g` (TBC), ECMA-48 §8.3.154. */
export const clearAllTabStops = (): string => csi('3g');
