/** Holds each page and picture in docs/ that is drawn to what it is drawn from. `DRAW=1 npm run -s jest -- test/pictures` draws anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { drawChannelStates } from './channel-states.ts';
import { writeKeysPage } from './keys-page.ts';

// the picture, and who draws it
const pictures: Array<[file: string, draw: () => string]> = [
  ['docs/channel-states.svg', drawChannelStates],
  ['docs/keys.md', writeKeysPage],
];

test.each(pictures)('%s is drawn from the code as it is now', (file, draw) => {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  if (process.env['DRAW'] === '1') writeFileSync(path, draw());
  expect(readFileSync(path, 'utf8')).toBe(draw());
});
