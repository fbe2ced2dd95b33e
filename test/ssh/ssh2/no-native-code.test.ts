/** Our packet link where nobody could compile ssh2's native code: all the same facts. */
import { createRequire } from 'node:module';
import { describe, expect, jest, test } from '@jest/globals';

const require = createRequire(import.meta.url);
const native = require
  .resolve('ssh2/package.json')
  .replace('package.json', 'lib/protocol/crypto/build/Release/sshcrypto.node');
jest.doMock(
  native,
  () => {
    throw new Error('not compiled here');
  },
  { virtual: true },
);

const { linkFacts } = await import('./link-facts.ts');
const { nativeCrypto } = await import('./stock-client.ts');

test('ssh2 has no native code in this file', () => expect(nativeCrypto()).toBe(false));

describe('our link and the stock client, without native code', linkFacts);
