/**
 * Completion as values: what a provider answers, what of it can be inserted at once, and the list in columns.
 *
 * It refuses to guess what a word is: the provider says from where on its candidates replace the text.
 */
import { graphemesOf, textWidth } from '../width.ts';
import type { Span, StyledText } from './styled-text.ts';

export interface Candidate {
  /** What is inserted. */
  readonly text: string;
  /** What the list shows. @default the text */
  readonly shown?: string;
}

export interface Completions {
  /** UTF-16 units of the text before what the candidates replace, which ends at the cursor. */
  readonly from: number;
  readonly candidates: readonly (string | Candidate)[];
  /** Inserted behind the only candidate, such as a space. @default '' */
  readonly suffix?: string;
}

/**
 * What can stand at the cursor. `text` is the whole text, `cursor` counts UTF-16 units. The signal is aborted when the
 * answer is no longer wanted; what comes later, and what is thrown, is dropped with a bell.
 */
export type Completer = (text: string, cursor: number, signal: AbortSignal) => Completions | Promise<Completions>;

export const candidateOf = (candidate: string | Candidate): Candidate =>
  typeof candidate === 'string' ? { text: candidate } : candidate;

/** What all candidates begin with, in whole graphemes. */
export function commonPrefix(candidates: readonly Candidate[]): string {
  const [first = '', ...others] = candidates.map(({ text }) => text);
  let prefix = '';
  for (const grapheme of graphemesOf(first)) {
    if (!others.every(other => other.startsWith(prefix + grapheme))) break;
    prefix += grapheme;
  }
  return prefix;
}

const GAP = 2;

/** The candidates in columns, sorted downwards as `ls` does; the chosen one inverse, and how many had no room. */
export function listOf(candidates: readonly Candidate[], columns: number, maxRows: number, chosen = -1): StyledText[] {
  const labels = candidates.map(({ text, shown }) => cut(shown ?? text, columns));
  const width = Math.max(...labels.map(textWidth)) + GAP;
  const across = Math.max(1, Math.floor((columns + GAP) / width));
  const down = Math.ceil(labels.length / across);
  const first = down <= maxRows ? 0 : firstRow(chosen % down, down, maxRows);
  const rows = Array.from({ length: Math.min(down, maxRows) }, (_, row) =>
    Array.from({ length: across }, (_, column) => column * down + first + row).filter(index => index < labels.length),
  );
  const lines = rows.map(row =>
    row.flatMap((index, column) => cell(labels[index] ?? '', index === chosen, column, width)),
  );
  return down > maxRows ? [...lines, `… ${candidates.length} candidates`] : lines;
}

const firstRow = (chosen: number, down: number, shown: number): number =>
  Math.max(0, Math.min(chosen - shown + 1, down - shown));

/** A gap in front, unless it is the first of its row. */
function cell(label: string, isChosen: boolean, column: number, width: number): Span[] {
  const padding = ' '.repeat(Math.max(0, width - GAP - textWidth(label)));
  const text: Span = isChosen ? { text: label, style: { inverse: true } } : { text: label };
  return column === 0 ? [text, { text: padding }] : [{ text: ' '.repeat(GAP) }, text, { text: padding }];
}

/** As much of a label as a row has room for, on one line. */
function cut(label: string, columns: number): string {
  const plain = label.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  if (textWidth(plain) <= columns) return plain;
  let fitting = '';
  for (const grapheme of graphemesOf(plain)) {
    if (textWidth(fitting + grapheme) > columns - 1) break;
    fitting += grapheme;
  }
  return `${fitting}…`;
}
