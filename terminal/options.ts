/** Options of a terminal: their meaning, units and defaults. The only file of the floor that knows a default of them. */
import type { TerminalSize } from '../transport/contracts.ts';
import { systemClock, type Clock } from './clock.ts';
import { inputDefaults, type InputLimits } from './input/input-decoder.ts';
import { checkNames, requireWhole } from './option-checks.ts';

export interface TerminalOptions extends InputLimits {
  /** What TERM says. @default 'xterm-256color' */
  readonly term?: string;
  /** What COLORTERM says, which ssh passes on only where it is told to. @default '' */
  readonly colorterm?: string;
  /** @default 80×24, no pixels */
  readonly size?: TerminalSize;
  /** Send CR LF for each LF of what is written that has no CR before it. @default true */
  readonly convertNewlines?: boolean;
  /** Let `copyToClipboard` write to the person's clipboard. @default false */
  readonly clipboard?: boolean;
  /** How long the terminal may take for an answer, in milliseconds. @default 2_000 */
  readonly reportTimeout?: number;
  /**
   * How long to wait for the rest of a sequence after a lone ESC, in milliseconds; then it was the Escape key.
   * @default 'adaptive': from 25 to 300, by how fast the terminal has answered
   */
  readonly escapeTimeout?: number | 'adaptive';
  /** @default the system's */
  readonly clock?: Clock;
}

export type ResolvedTerminalOptions = Required<TerminalOptions>;

export const terminalDefaults = Object.freeze({
  ...inputDefaults,
  term: 'xterm-256color',
  colorterm: '',
  size: Object.freeze({ columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }),
  convertNewlines: true,
  clipboard: false,
  reportTimeout: 2_000,
  escapeTimeout: 'adaptive',
  clock: systemClock,
}) satisfies ResolvedTerminalOptions;

/** Fill in defaults and check; throws ConfigError. */
export function resolveTerminalOptions(options: TerminalOptions): ResolvedTerminalOptions {
  checkNames('', options, terminalDefaults);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedTerminalOptions = { ...terminalDefaults, ...given };
  requireWhole('maxSequenceBytes', resolved.maxSequenceBytes, 16);
  requireWhole('maxPasteBytes', resolved.maxPasteBytes, 0);
  requireWhole('reportTimeout', resolved.reportTimeout, 1);
  if (resolved.escapeTimeout !== 'adaptive') requireWhole('escapeTimeout', resolved.escapeTimeout, 0);
  return Object.freeze(resolved);
}
