/**
 * How fast what a program writes to a screen is understood, on one core: in runs of text, and in many short sequences.
 *
 * `node dist/bench/terminal-output.js [rounds]`. Figures are medians; each round works through the same bytes.
 */
import { OutputDecoder, type OutputListener } from '../terminal/client/output-decoder.ts';
import { pieces, rate, report } from './rates.ts';

const ignore = (): void => undefined;
const listener: OutputListener = { text: ignore, operation: ignore, question: ignore, unhandled: ignore };

const named = (style: string, name: string): string => `\x1b[0m\x1b[01;${style}m${name}\x1b[0m`;
const listing = (names: readonly string[]): string =>
  `${names.map((name, place) => named(['34', '32', '36', '31'][place % 4] ?? '', name)).join('  ')}\r\n`;

const written: ReadonlyArray<readonly [name: string, text: string]> = [
  ['plain lines of 80', `${'the quick brown fox '.repeat(4).trim()}\r\n`],
  ['UTF-8 lines of 40', `${'été 日本語 '.repeat(5)}\r\n`],
  ['a coloured listing', listing(['src', 'build.sh', 'latest', 'archive.tar.gz'])],
  ['a coloured listing in UTF-8', listing(['données', 'été.sh', '日本語', 'naïve.tar.gz'])],
  [
    'cells that change, each in its place and colour',
    Array.from(
      { length: 1_000 },
      (_, place) => `\x1b[${1 + (place % 50)};${1 + ((place * 7) % 200)}H\x1b[38;5;${place % 256}mx`,
    ).join(''),
  ],
  ['modes, titles and other sequences', '\x1b[?25l\x1b]2;vi notes\x07\x1b[?2004h\x1b(B\x1b[4:3m\x1b[?25h'],
];

const megabytes = 16;
for (const [name, text] of written) {
  const brought = pieces(text, megabytes * 1_000_000);
  const decode = (): void => {
    const decoder = new OutputDecoder(listener);
    for (const piece of brought) decoder.feed(piece);
  };
  report(`decode: ${name}`, rate(megabytes, decode), 'MB/s');
}
