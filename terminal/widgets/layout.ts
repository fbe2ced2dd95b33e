/**
 * How a length is shared out: parts of a fixed size first, then those that say what they want, the rest by weight.
 *
 * Where there is not enough, the last ones get less, down to nothing.
 */

/** `size` cells; or, with `flex`, that share of what the others leave. */
export type Share = { readonly size: number } | { readonly flex: number };

/** The length of each part; together at most `total`. What cannot be divided goes to the first ones. */
export function shareOut(total: number, shares: readonly Share[]): number[] {
  let left = Math.max(0, total);
  const fixed = shares.map(share => {
    const length = 'size' in share ? Math.min(left, Math.max(0, share.size)) : 0;
    left -= length;
    return length;
  });
  let weights = shares.reduce((sum, share) => sum + weightOf(share), 0);
  return shares.map((share, index) => {
    const weight = weightOf(share);
    if (weight === 0) return fixed[index] ?? 0;
    const length = Math.ceil((left * weight) / weights);
    left -= length;
    weights -= weight;
    return length;
  });
}

const weightOf = (share: Share): number => ('flex' in share ? Math.max(0, share.flex) : 0);
