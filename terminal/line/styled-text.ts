/** Text with styles: what prompts, hints and output above the line are made of. Control characters are shown, not obeyed. */
import type { Style } from '../output/style.ts';

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
