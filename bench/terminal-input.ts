/**
 * How fast a terminal's input is understood, on one core: plain text cut into runs, and keystrokes one by one.
 *
 * `node dist/bench/terminal-input.js [rounds]`. Figures are medians; each round works through the same bytes.
 */
import { InputDecoder, type InputListener } from '../terminal/input/input-decoder.ts';
import { InputParser, type ParserSink } from '../terminal/input/parser.ts';
import { pieces, rate, report } from './rates.ts';

const ignore = (): void => undefined;

/** Counts keystrokes, and does nothing with them. */
class Counter implements InputListener {
  keys = 0;
  keystroke = (): void => void (this.keys += 1);
  paste = ignore;
  mouse = ignore;
  focus = ignore;
  readonly isClaiming = false;
  claims = (): boolean => false;
  unhandled = ignore;
}

const sink: ParserSink = {
  text: ignore,
  control: ignore,
  alt: ignore,
  sequence: ignore,
  pasted: ignore,
  pasteEnded: ignore,
};

const megabytes = 64;
const texts: Array<[name: string, line: string]> = [
  ['plain text, lines of 80', `${'the quick brown fox '.repeat(4).trim()}\r\n`],
  ['UTF-8 text, lines of 40', `${'été 日本語 '.repeat(5)}\r\n`],
];
for (const [name, line] of texts) {
  const brought = pieces(line, megabytes * 1_000_000);
  const parse = (): void => {
    const parser = new InputParser(sink, 65_536, () => false);
    for (const piece of brought) parser.feed(piece);
  };
  report(`parse: ${name}`, rate(megabytes, parse), 'MB/s');
}

const keys: Array<[name: string, keys: string]> = [
  ['letters', 'abcdefgh'],
  ['letters of two and three bytes', 'éü日本'],
  ['control characters', '\x01\x02\x03\r'],
  ['arrows', '\x1b[A\x1b[B\x1bOC\x1bOD'],
  ['arrows with modifiers', '\x1b[1;5A\x1b[1;2D'],
  ['numbered keys', '\x1b[3~\x1b[15;5~'],
  ['kitty protocol', '\x1b[97;5u\x1b[98;1:3u\x1b[99:67;2;67u'],
  ['a mix: words, arrows, control', 'hello \x1b[D\x1b[1;5C\x7fworld\r'],
];
for (const [name, text] of keys) {
  const size = Buffer.byteLength(text);
  const brought = pieces(text, size * Math.ceil(2_000_000 / size));
  const counter = new Counter();
  const decode = (): void => {
    const decoder = new InputDecoder(counter);
    for (const piece of brought) decoder.feed(piece);
  };
  decode();
  const each = counter.keys;
  report(`keystrokes: ${name}`, rate(each, decode) / 1_000_000, 'million/s');
}
