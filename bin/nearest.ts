/** The known word that was probably meant: the nearest by edits, if it is near enough to be worth saying. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map(candidate => ({ candidate, edits: edits(word.toLowerCase(), candidate.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best !== undefined && best.edits <= Math.max(2, best.candidate.length / 3) ? best.candidate : undefined;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment), a row at a time. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(cell(a, b, i, j, before, row, next));
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

function cell(a: string, b: string, i: number, j: number, before: number[], row: number[], next: number[]): number {
  const at = (cells: number[], index: number): number => cells[index] ?? Infinity;
  const substituted = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Infinity;
  return Math.min(at(row, j) + 1, at(next, j - 1) + 1, substituted, swapped);
}
