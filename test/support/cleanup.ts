/** What a test opens it hands over here on the same line; everything is closed after the test, last in, first out. */
import { afterEach } from '@jest/globals';

type Close = () => void | Promise<void>;

const open = new Set<Close>();

/** Answers how to forget it again, for what ends by itself. */
export function closeAfterTest(close: Close): () => void {
  open.add(close);
  return () => open.delete(close);
}

afterEach(async () => {
  const closes = [...open].reverse();
  open.clear();
  for (const close of closes) await close();
});
