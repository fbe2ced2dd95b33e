/**
 * How wide text is on a terminal, by grapheme: what a person sees as one character, and deletes as one.
 *
 * A grapheme is as wide as its widest code point, as terminals measure that know graphemes (private mode 2027); ambiguous
 * ones are narrow. It refuses to know control characters: whoever shows them says how. Source: UAX #29, UAX #11, and UTS
 * #51 for emoji presentation.
 */
import { eastAsianWidth } from 'get-east-asian-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const ASCII = /^[ -~]*$/;
/** Letters, lines, blocks, kana and ideographs: each a grapheme by itself, unless one that is not among them follows. */
const SIMPLE = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2500-\u25fc\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]*$/;
const FIRST_WIDE = '\u3041';
/** Marks, format characters, and the vowels and finals of Hangul, which join what is before them. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7fb]$/u;
const FLAG = /^\p{Regional_Indicator}{2}/u;
/** A character that is shown as text unless VS16 follows. */
const EMOJI_PRESENTATION = /^\p{Emoji}\ufe0f/u;

/** The graphemes of `text`. */
export const graphemesOf = (text: string): string[] =>
  SIMPLE.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Columns that one grapheme takes: 0, 1 or 2. */
export function graphemeWidth(grapheme: string): 0 | 1 | 2 {
  if (grapheme.length < 2 && SIMPLE.test(grapheme)) return grapheme === '' ? 0 : grapheme < FIRST_WIDE ? 1 : 2;
  if (FLAG.test(grapheme) || EMOJI_PRESENTATION.test(grapheme)) return 2;
  const widths = Array.from(grapheme, codePointWidth);
  if (widths.includes(2)) return 2;
  return widths.includes(1) ? 1 : 0;
}

/** Columns that a text takes that has no control characters. */
export const textWidth = (text: string): number =>
  ASCII.test(text) ? text.length : graphemesOf(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);

const codePointWidth = (character: string): 0 | 1 | 2 =>
  ZERO.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
