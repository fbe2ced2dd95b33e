/** Text with styles: what prompts, hints and output above the line are made of. Control characters are shown, not obeyed. */
import { changeStyle } from '../output/style-change.ts';
import type { Style, StyleAbilities } from '../output/style.ts';
import { text as cleanText } from '../output/text.ts';

export interface Span {
  readonly text: string;
  /** @default the terminal's own */
  readonly style?: Style;
}

/** Plain text, or spans of it with their styles. */
export type StyledText = string | readonly Span[];

export const spansOf = (text: StyledText): readonly Span[] => (typeof text === 'string' ? [{ text }] : text);

/** Without the line feed at its end, if there is one. */
export const withoutLastLineFeed = (text: StyledText): readonly Span[] => {
  const spans = spansOf(text);
  const last = spans.at(-1);
  return last?.text.endsWith('\n') ? [...spans.slice(0, -1), { ...last, text: last.text.slice(0, -1) }] : spans;
};

/**
 * As one string for `write`: between spans only what is different is sent, and at the end the terminal's own style is back.
 * It trusts that this is the style before. Control characters are taken out, but for line ends and tabs.
 */
export function styledString(text: StyledText, abilities?: StyleAbilities): string {
  const plain: Style = {};
  let before = plain;
  const parts = spansOf(text).map(({ text: content, style = plain }) => {
    const clean = cleanText(content);
    if (clean === '') return '';
    const change = changeStyle(before, style, abilities);
    before = style;
    return change + clean;
  });
  return parts.join('') + changeStyle(before, plain, abilities);
}
