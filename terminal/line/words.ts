/**
 * Where words begin and end. Emacs words are letters and digits; Unix words are what stands between spaces; vi knows both,
 * with the underscore a letter and runs of punctuation as words of their own.
 *
 * Source: GNU Readline 8.2, `forward-word`, `unix-word-rubout`; POSIX sh, "Command Line Editing (vi-mode)".
 */

/** The kind of a grapheme: words are runs of one kind, and there are no words of kind 0. */
export type WordKind = (grapheme: string) => number;

const isBlank = (grapheme: string): boolean => /^[ \t\n]/.test(grapheme);
const isLetter = (grapheme: string): boolean => /^[\p{L}\p{N}\p{M}]/u.test(grapheme);

export const emacsWords: WordKind = grapheme => (isLetter(grapheme) ? 1 : 0);
export const unixWords: WordKind = grapheme => (isBlank(grapheme) ? 0 : 1);
export const viWords: WordKind = grapheme => {
  if (isBlank(grapheme)) return 0;
  return isLetter(grapheme) || grapheme === '_' ? 1 : 2;
};

type Graphemes = readonly string[];

const kindAt = (graphemes: Graphemes, place: number, kind: WordKind): number => {
  const grapheme = graphemes[place];
  return grapheme === undefined ? -1 : kind(grapheme);
};

/** The first place from `place` on, one way or the other, where `holds` is not true of the grapheme ahead. */
function skip(graphemes: Graphemes, place: number, step: 1 | -1, holds: (kind: number) => boolean, kind: WordKind) {
  const ahead = (at: number): number => kindAt(graphemes, step === 1 ? at : at - 1, kind);
  let at = place;
  while (ahead(at) !== -1 && holds(ahead(at))) at += step;
  return at;
}

/** Behind the end of the word that `place` is in or before. */
export function wordEnd(graphemes: Graphemes, place: number, kind: WordKind): number {
  const start = skip(graphemes, place, 1, found => found === 0, kind);
  const wanted = kindAt(graphemes, start, kind);
  return skip(graphemes, start, 1, found => found === wanted, kind);
}

/** The beginning of the word that `place` is in or behind. */
export function wordStart(graphemes: Graphemes, place: number, kind: WordKind): number {
  const end = skip(graphemes, place, -1, found => found === 0, kind);
  const wanted = kindAt(graphemes, end - 1, kind);
  return skip(graphemes, end, -1, found => found === wanted, kind);
}

/** The beginning of the next word; the end of the text if there is none. */
export function nextWordStart(graphemes: Graphemes, place: number, kind: WordKind): number {
  const current = kindAt(graphemes, place, kind);
  const end = current === 0 ? place : skip(graphemes, place, 1, found => found === current, kind);
  return skip(graphemes, end, 1, found => found === 0, kind);
}

/** `count` times `step`; the other way for a negative count. */
export function repeated(place: number, count: number, step: (at: number) => number, back: (at: number) => number) {
  let at = place;
  for (let times = Math.abs(count); times > 0; times -= 1) {
    const next = count > 0 ? step(at) : back(at);
    if (next === at) break;
    at = next;
  }
  return at;
}
