/** Sizes as people write them: a whole number of bytes, or with its unit, `64KiB`, `16MiB`, `1GiB`. */
const units = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** In bytes, or what is wrong with it. */
export function parseSize(text: string): number | string {
  const [, digits, unit] = /^(\d{1,12})(KiB|MiB|GiB)?$/.exec(text) ?? [];
  const factor = unit === undefined ? 1 : (Object.entries(units).find(([name]) => name === unit)?.[1] ?? NaN);
  const bytes = Number(digits) * factor;
  if (Number.isNaN(bytes)) return `'${text}' is not a size; give bytes or a number and its unit, e.g. 64KiB, 16MiB`;
  return bytes;
}

/** The shortest way to write it. */
export function sizeText(bytes: number): string | number {
  const [unit, factor] = Object.entries(units).findLast(([, size]) => bytes > 0 && bytes % size === 0) ?? ['', 1];
  return unit === '' ? bytes : `${bytes / factor}${unit}`;
}
