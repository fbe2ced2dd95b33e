/** What we call ourselves to every peer. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { IdentReader, identRules, softwareVersion } from '../../ssh/ident.ts';

test('our software version is that of package.json, and a peer would accept our line', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(softwareVersion).toBe(`nacre_${version}`);
  expect(new IdentReader(identRules.client).feed(Buffer.from(`SSH-2.0-${softwareVersion}\r\n`))).toBeDefined();
});
