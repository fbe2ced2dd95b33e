/**
 * Text that can do nothing to a terminal but appear on it.
 *
 * Takes out C0 (ECMA-48 §5.2), DEL, C1 as code points, which xterm obeys in UTF-8 too, and lone surrogates. It refuses to
 * judge what may be shown: letters that look like others stay. Bidirectional controls (UAX #9 §2), by which text can be
 * made to look like other text, go out on request.
 */

export interface TextOptions {
  /** Control characters that may stay. @default '\n\t' */
  readonly keep?: string;
  /** Take out bidirectional formatting characters too (CVE-2021-42574). @default false */
  readonly removeBidi?: boolean;
  /** What stands for what was taken out. Is itself not looked at. @default '' */
  readonly replacement?: string;
}

const CONTROLS = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/gu;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `content` without control characters. */
export function text(content: string, options: TextOptions = {}): string {
  const { keep = '\n\t', removeBidi = false, replacement = '' } = options;
  const clean = content.replace(CONTROLS, found => (keep.includes(found) ? found : replacement));
  return removeBidi ? clean.replace(BIDI, replacement) : clean;
}
