/** Times as people write them: a whole number and its unit, `500ms`, `30s`, `2m`, `1h`; `0` needs none. */
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** In milliseconds, or what is wrong with it. Up to 24 days, the longest a timer can wait. */
export function parseDuration(text: string): number | string {
  const [, digits, unit] = /^(\d{1,10})(ms|s|m|h)$/.exec(text) ?? [];
  const factor = Object.entries(units).find(([name]) => name === unit)?.[1];
  const milliseconds = text === '0' ? 0 : Number(digits) * (factor ?? NaN);
  if (Number.isNaN(milliseconds)) return `'${text}' is not a time; give a number and its unit, e.g. 30s, 2m, 500ms`;
  return milliseconds <= 2 ** 31 - 1 ? milliseconds : `'${text}' is more than 24 days`;
}

/** The shortest way to write it. */
export function durationText(milliseconds: number): string {
  if (milliseconds === 0) return '0';
  const [unit, factor] = Object.entries(units).findLast(([, size]) => milliseconds % size === 0) ?? ['ms', 1];
  return `${milliseconds / factor}${unit}`;
}
