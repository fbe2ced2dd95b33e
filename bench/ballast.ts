/** Objects that make a heap large, as that of a server with much to remember. */
const MiB = 1024 * 1024;

/** So many MiB of numbers that no pointer can hold, in arrays of one each. */
export const ballast = (count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, () => new Array<number>(MiB / 8).fill(0.5));
