/** Options of what reads a program's output: their meaning, units and defaults. */
import { checkNames, requireWhole } from '../option-checks.ts';

export interface OutputOptions {
  /** The height of the screen. @default 24 */
  readonly rows?: number;
  /** Bytes of a sequence that are kept; the rest of a longer one is dropped. @default 131_072, which a clipboard fits in */
  readonly maxSequenceBytes?: number;
  /** Understand writing to the clipboard (OSC 52); without it, it is unhandled. @default false */
  readonly clipboard?: boolean;
}

export const outputDefaults = Object.freeze({
  rows: 24,
  maxSequenceBytes: 131_072,
  clipboard: false,
}) satisfies Required<OutputOptions>;

/** Fill in defaults and check; throws ConfigError. */
export function resolveOutputOptions(options: OutputOptions): Required<OutputOptions> {
  checkNames('', options, outputDefaults);
  const { rows = outputDefaults.rows, maxSequenceBytes = outputDefaults.maxSequenceBytes } = options;
  requireWhole('rows', rows, 1);
  requireWhole('maxSequenceBytes', maxSequenceBytes, 16);
  return Object.freeze({ rows, maxSequenceBytes, clipboard: options.clipboard ?? outputDefaults.clipboard });
}
