/**
 * Text in lines of so many columns: broken between words, or cut. Widths are those of graphemes, none is ever split.
 *
 * It refuses to hyphenate and to know languages: a break is at a space, or, in a word longer than a line, anywhere.
 */
import { graphemesOf, graphemeWidth, textWidth } from '../width.ts';

/** The lines of `text`, each at most `columns` wide. Spaces at a break go; LF always breaks. */
export const wrapText = (text: string, columns: number): string[] =>
  text.split('\n').flatMap(line => wrapLine(line.replaceAll('\t', ' '), Math.max(1, columns)));

/** As much of `text` as fits; if that is not all, it ends in `mark`. */
export function cutText(text: string, columns: number, mark = '…'): string {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(mark);
  return room < 0 ? '' : fitting(text, room).text + mark;
}

/** `text` with spaces to be exactly `columns` wide, cut if it is wider. */
export function fitText(text: string, columns: number, align: 'left' | 'right' | 'centre' = 'left'): string {
  const cut = cutText(text, columns);
  const spaces = columns - textWidth(cut);
  const before = { left: 0, right: spaces, centre: Math.floor(spaces / 2) }[align];
  return ' '.repeat(Math.max(0, before)) + cut + ' '.repeat(Math.max(0, spaces - before));
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<= )(?=[^ ])/)) {
    const isFull = current !== '' && textWidth((current + word).trimEnd()) > columns;
    if (isFull) lines.push(current.trimEnd());
    const pieces = chopped(isFull ? word : current + word, columns);
    current = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  if (current === '' && lines.length > 0) return lines;
  return [...lines, textWidth(current) > columns ? current.trimEnd() : current];
}

/** A word longer than a line, in pieces as long as a line; others whole. */
function chopped(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (textWidth(rest.trimEnd()) > columns) {
    const { text, units } = fitting(rest, columns);
    pieces.push(text);
    rest = rest.slice(units);
  }
  return [...pieces, rest];
}

/** As many graphemes as fit, at least one; and how many UTF-16 units they are. */
function fitting(text: string, columns: number): { text: string; units: number } {
  let [fits, width] = ['', 0];
  for (const grapheme of graphemesOf(text)) {
    width += graphemeWidth(grapheme);
    if (width > columns && fits !== '') break;
    fits += width > columns ? '\ufffd' : grapheme;
    if (width > columns) return { text: columns > 0 ? fits : '', units: grapheme.length };
  }
  return { text: fits, units: fits.length };
}
