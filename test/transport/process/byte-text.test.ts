/** Bytes as text: every byte comes back, and what is UTF-8 is what it says. */
import { isUtf8 } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { hasRawBytes, printfEscaped, textOfBytes } from '../../../transport/process/byte-text.ts';

// bytes, text, why
const facts: Array<[bytes: string, text: string, why: string]> = [
  ['61c3a9e697a5f09f9880', 'aé日😀', 'valid sequences of one to four bytes'],
  ['ff', '\udcff', 'a byte that no sequence has'],
  ['c3', '\udcc3', 'a sequence that is cut off'],
  ['c3a9c3', 'é\udcc3', 'the same behind a whole one'],
  ['c0af', '\udcc0\udcaf', 'an overlong form is not valid (RFC 3629 §3)'],
  ['eda080', '\udced\udca0\udc80', 'a surrogate in three bytes is not valid (RFC 3629 §3)'],
  ['f4908080', '\udcf4\udc90\udc80\udc80', 'beyond U+10FFFF'],
];

describe('decoding', () => {
  test.each(facts)('%s is %j: %s', (bytes, text) => {
    expect(textOfBytes(Buffer.from(bytes, 'hex'))).toBe(text);
  });

  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
  );

  test('whatever the bytes, they come back, and only bytes that are not UTF-8 are raw', () => {
    fc.assert(
      fc.property(bytes, data => {
        const text = textOfBytes(data);
        expect(bytesOf(text)).toEqual(Buffer.from(data));
        expect(hasRawBytes(text)).toBe(!isUtf8(data));
      }),
    );
  });
});

test('printf of the system makes the same bytes of what is escaped for it', () => {
  const every = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
  const data = Buffer.concat([every, Buffer.from('\\0377 \\c \\n é 日'), Buffer.from('ff37', 'hex')]);
  for (const shell of ['/bin/sh', '/bin/bash']) {
    const printed = execFileSync(shell, ['-c', `printf %b "$1"`, shell, printfEscaped(textOfBytes(data))]);
    expect(printed).toEqual(data);
  }
});

/** PEP 383, the other way. */
const bytesOf = (text: string): Buffer =>
  Buffer.concat(
    Array.from(text, character =>
      hasRawBytes(character) ? Buffer.from([character.charCodeAt(0) - 0xdc00]) : Buffer.from(character),
    ),
  );
