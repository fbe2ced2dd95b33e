/** An exit status as logs show it: the code, or the signal's name. */
import type { ExitStatus } from '../transport/close-reason.ts';

export const exitStatusText = ({ code, signal }: ExitStatus): string => signal ?? String(code);
