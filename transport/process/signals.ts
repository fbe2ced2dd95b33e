/**
 * Signals by name and by number, and how a program's end is told from them.
 *
 * The names are this machine's (`os.constants.signals`, signal(7)); a name that it lacks is not guessed.
 */
import { constants } from 'node:os';
import type { ExitStatus } from '../close-reason.ts';

/** Linux: 1–31 have names, 34–64 are the real-time signals (signal(7)). */
const LAST_SIGNAL = 64;

const numbers: ReadonlyMap<string, number> = new Map(Object.entries(constants.signals));
/** Aliases such as SIGIOT come after the usual name, so the first name of a number is kept. */
const names: ReadonlyMap<number, string> = new Map([...numbers].reverse().map(([name, number]) => [number, name]));

/** The number of a signal given as `TERM`, `SIGTERM` or 15; undefined if there is none. */
export function signalNumber(signal: string | number): number | undefined {
  if (typeof signal === 'string') return numbers.get(signal.startsWith('SIG') ? signal : `SIG${signal}`);
  return Number.isInteger(signal) && signal >= 1 && signal <= LAST_SIGNAL ? signal : undefined;
}

/**
 * `code` as from wait(2), unless `signal` (0 for none) ended the program. Neither Node nor node-pty tells of cores; what
 * native-programs.ts starts does.
 */
export function exitStatus(code: number | null, signal: number, coreDumped = false): ExitStatus {
  if (signal === 0) return Object.freeze({ code: code ?? 0, signal: null, coreDumped: false });
  return Object.freeze({ code: null, signal: names.get(signal) ?? `SIG${signal}`, coreDumped });
}
