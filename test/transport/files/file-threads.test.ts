/** How many of libuv's threads users' files may hold, by the number that the environment gives it. */
import { expect, test } from '@jest/globals';
import { fileThreadLimits } from '../../../transport/files/file-threads.ts';

const sizes: Array<[size: string | undefined, most: number, mostOfOne: number]> = [
  [undefined, 3, 2],
  ['4', 3, 2],
  ['1', 1, 1],
  ['2', 1, 1],
  ['3', 2, 1],
  ['64', 63, 2],
  [' 8 threads', 7, 2],
  ['1024', 1023, 2],
  ['5000', 1023, 2],
  ['-1', 1023, 2],
  ['0', 1, 1],
  ['', 1, 1],
  ['many', 1, 1],
];
test.each(sizes)(
  'with UV_THREADPOOL_SIZE=%s it is all but one, %d, and %d of them for one place',
  (size, ...limits) => {
    const { most, mostOfOne } = fileThreadLimits(size);
    expect([most, mostOfOne]).toEqual(limits);
  },
);
