/** What a test opens it hands over here on the same line; everything is closed after the test, last in, first out. */
import { afterEach } from '@jest/globals';

const open: Array<() => void | Promise<void>> = [];

export function closeAfterTest(close: () => void | Promise<void>): void {
  open.push(close);
}

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
