/** EXT_INFO, RFC 8308 §2.3, as one end says it and the other reads it. */
import { describe, expect, test } from '@jest/globals';
import { Message } from '../../ssh/codes.ts';
import { readExtInfo, serverExtInfo, takenSignatures } from '../../ssh/ext-info.ts';
import { byte, message, string, uint32 } from '../../ssh/wire.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';

test('what a server says is what its client reads', () => {
  const extensions = readExtInfo(Buffer.from(serverExtInfo(['ssh-ed25519', 'rsa-sha2-512'])));
  expect([...extensions.keys()]).toEqual(['server-sig-algs', 'publickey-hostbound@openssh.com', 'ping@openssh.com']);
  expect(takenSignatures(extensions)).toEqual(['ssh-ed25519', 'rsa-sha2-512']);
});

test('a server that does not say which signatures it takes has not said "none"', () => {
  expect(takenSignatures(new Map())).toBeUndefined();
});

describe('a message is a breach', () => {
  const one = message(string('name'), string('value'));
  const cases: Array<[what: string, fields: Buffer]> = [
    ['without a count', Buffer.alloc(0)],
    ['that ends before its count', message(uint32(2), one)],
    ['with more than it counts', message(uint32(1), one, one)],
    ['that counts thousands', message(uint32(3_000), ...Array<Buffer>(3_000).fill(message(string(''), string(''))))],
    ['with a value that is cut off', message(uint32(1), string('name'), uint32(9), Buffer.from('short'))],
  ];
  for (const [what, fields] of cases) {
    test(what, () => expect(() => readExtInfo(message(byte(Message.EXT_INFO), fields))).toThrow(RemoteProtocolError));
  }
});
