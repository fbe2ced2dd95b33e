/** More input than anybody types: text, keys, broken sequences and plain noise, the same for the same seed. */
import { randomNumbers } from './link.ts';

const pieces = [
  ...['a', 'Z', ' ', '\r', '\t', '\x7f', '\x03', 'é', '日', '👩', '\x1b[A', '\x1bOA', '\x1b[1;5C', '\x1b[15~', '\x1b'],
  ...['\x1b[200~pasted\x1b[201~', '\x1b[<0;1;1M', '\x1b[999;999R', '\x1b]11;rgb:0/0/0', '\x1b[?1;2c', '\x1bP', '\x1b['],
].map(piece => Buffer.from(piece, 'utf8'));

export function floodOf(length: number, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  const flood = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const piece = pieces[Math.floor(random() * (pieces.length + 2))] ?? Buffer.of(Math.floor(random() * 256));
    at += piece.copy(flood, at);
  }
  return flood;
}
