/** The known word that was probably meant: the nearest by edits, if it is near enough to be worth saying. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map(candidate => ({ candidate, edits: edits(word.toLowerCase(), candidate.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best !== undefined && best.edits <= Math.max(2, best.candidate.length / 3) ? best.candidate : undefined;
}

/** Insertions, deletions and substitutions that make `b` of `a` (Levenshtein), a row of the table at a time. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const letter of a) row = nextRow(row, letter, b);
  return row[b.length] ?? 0;
}

function nextRow(row: readonly number[], letter: string, b: string): number[] {
  const next = [(row[0] ?? 0) + 1];
  for (let j = 1; j <= b.length; j++) {
    const [above = 0, corner = 0, left = 0] = [row[j], row[j - 1], next[j - 1]];
    next.push(Math.min(above + 1, left + 1, corner + (b[j - 1] === letter ? 0 : 1)));
  }
  return next;
}
