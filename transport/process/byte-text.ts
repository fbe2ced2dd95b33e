/**
 * Bytes as text that gives every byte back, for what SSH and the system call text but do not hold to any encoding:
 * commands, arguments, values of variables.
 *
 * What is UTF-8 is decoded; each other byte becomes one lone surrogate, U+DC80 to U+DCFF, which no valid text contains.
 * Source: Python's PEP 383 ("surrogateescape"). Valid UTF-8: Unicode 15, table 3-7.
 */

/** Every valid sequence of several bytes, or one byte that is in none; ASCII is left alone. */
const sequence =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** With the flag `u`, halves of a pair do not match. */
const loneByte = /[\udc80-\udcff]/gu;

/** Decode, keeping what is not UTF-8. */
export function textOfBytes(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return latin1.replace(sequence, found =>
    found.length === 1
      ? String.fromCharCode(0xdc00 + found.charCodeAt(0))
      : Buffer.from(found, 'latin1').toString('utf8'),
  );
}

/** Whether `text` stands for bytes that are not UTF-8, which Node would replace when it starts a program. */
export const hasRawBytes = (text: string): boolean => text.search(loneByte) >= 0;

/** As printf(1) takes it for `%b`: POSIX XCU "printf", `\0ddd` for a byte and `\\` for a backslash. */
export const printfEscaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replace(loneByte, byte => `\\0${(byte.charCodeAt(0) - 0xdc00).toString(8)}`);

/** The bytes that `text` stands for: what `textOfBytes` was given. */
export function bytesOfText(text: string): Buffer {
  if (!hasRawBytes(text)) return Buffer.from(text);
  const parts = text.split(/([\udc80-\udcff])/u); // each second one is a byte
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.of(part.charCodeAt(0) - 0xdc00) : Buffer.from(part))),
  );
}
