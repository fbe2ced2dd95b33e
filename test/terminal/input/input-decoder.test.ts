/** What a person does, from what terminals send: the tables in facts.ts and terminal-facts.ts, whole and byte by byte, and what holds for noise. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { arrivals, heard, InputLog } from './input-log.ts';
import { brokenText, facts } from './facts.ts';
import { terminalFacts } from './terminal-facts.ts';

const printable = (text: string): string => JSON.stringify(text).slice(1, -1);

describe.each(arrivals)('arriving %s', (_arrival, split) => {
  test.each(
    [...facts, ...terminalFacts].map(
      ([input, means, source]) => [printable(input), means.join(', '), source, input, means] as const,
    ),
  )('%s is %s (%s)', (_shown, _said, _source, input, means) => expect(heard(split(Buffer.from(input)))).toEqual(means));

  test.each(brokenText)('bytes %s, which are not all UTF-8, are %j', (hex, means) =>
    expect(heard(split(Buffer.from(hex, 'hex')))).toEqual(means),
  );
});

describe('waiting', () => {
  test.each([
    ['\x1b', ['escape']],
    ['\x1b\x1b', ['alt+escape']],
    ['\x1b[', ['alt+[ mute']],
  ])('%j says nothing until it is flushed', (input, means) => {
    const log = new InputLog();
    log.decoder.feed(Buffer.from(input));
    expect([log.decoder.isAmbiguous, log.lines]).toEqual([true, []]);
    log.decoder.flush();
    expect([log.decoder.isAmbiguous, log.lines]).toEqual([false, means]);
  });

  test.each(['\x1b[1;', '\x1b]11;rgb', '\x1bP>|x', '\x1b[M!', '\x1b[3 '])(
    'a flush leaves %j alone, which is surely a sequence; abandoned, it is reported as it is',
    input => {
      const log = new InputLog();
      log.decoder.feed(Buffer.from(input));
      log.decoder.flush();
      expect([log.decoder.isAmbiguous, log.decoder.isWaiting, log.lines]).toEqual([false, true, []]);
      log.decoder.abandon();
      expect([log.decoder.isWaiting, log.lines]).toEqual([false, [`unhandled ${input.replace('\x1b', 'ESC ')}`]]);
    },
  );
});

describe('pixels', () => {
  test('are told with the cell that they are in', () => {
    const log = new InputLog();
    log.decoder.mousePixels = true;
    log.decoder.size = { columns: 80, rows: 24, widthPixels: 800, heightPixels: 480 };
    log.decoder.feed(Buffer.from('\x1b[<0;101;41M\x1b[<0;9999;9999m'));
    expect(log.lines).toEqual(['mouse press left 10,2 (100,40)', 'mouse release left 79,23 (9998,9998)']);
  });

  test('mean nothing while nobody knows how large the screen is', () => {
    const log = new InputLog();
    log.decoder.mousePixels = true;
    log.decoder.feed(Buffer.from('\x1b[<0;101;41M'));
    expect(log.lines).toEqual(['unhandled ESC [<0;101;41M']);
  });
});

describe('limits', () => {
  test('a sequence is cut at its limit, and what follows it is not', () => {
    expect(heard([Buffer.from(`\x1b]0;${'x'.repeat(100)}\x07a`)], { maxSequenceBytes: 10 })).toEqual([
      'unhandled ESC ]0;xxxxxx',
      'a',
    ]);
  });

  test('a paste is cut at its limit and says so', () => {
    const input = Buffer.from(`\x1b[200~${'x'.repeat(100)}\x1b[201~a`);
    for (const [, split] of arrivals) {
      expect(heard(split(input), { maxPasteBytes: 5 })).toEqual(['paste "xxxxx" truncated', 'a']);
    }
  });
});

/** Noise that looks like what terminals send, so that it gets past the first byte. */
const noise = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1bO',
        '\x1b]',
        '\x1bP',
        '\x1b[M',
        '\x1b[[',
        '\x1b[<',
        '\x1b[200~',
        '\x1b[201~',
      ),
      fc.constantFrom('0', '1', ';', ':', '$', '^', '~', 'A', 'u', 'R', '\\', '\x07', '\x7f', '\r', 'é', '日', ' '),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .chain(parts => fc.tuple(fc.constant(Buffer.from(parts.join(''))), fc.uint8Array({ maxLength: 20 })))
  .map(([text, bytes]) => Buffer.concat([text, bytes]));

test('what is heard does not depend on how the bytes are split, and nothing throws', () => {
  fc.assert(
    fc.property(noise, fc.array(fc.nat(60), { maxLength: 8 }), (bytes, cuts) => {
      const places = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(heard(pieces)).toEqual(heard([bytes]));
      expect(heard(Array.from(bytes, byte => Uint8Array.of(byte)))).toEqual(heard([bytes]));
    }),
    { numRuns: 500 },
  );
});

test('after any noise but an unfinished paste, abandoning makes way for the next key', () => {
  fc.assert(
    fc.property(noise, bytes => {
      const log = new InputLog();
      log.decoder.feed(bytes);
      log.decoder.abandon();
      const pasting = bytes.lastIndexOf('\x1b[200~') > bytes.lastIndexOf('\x1b[201~');
      log.lines.length = 0;
      log.decoder.feed(Buffer.from('\x1b[A'));
      if (!pasting) expect(log.lines).toEqual(['up']);
    }),
  );
});

test('text never holds a control character, whatever arrives', () => {
  const texts: string[] = [];
  fc.assert(
    fc.property(noise, bytes => {
      const log = new InputLog();
      log.keystroke = ({ text = '' }) => texts.push(text);
      log.decoder.feed(bytes);
      expect(texts.splice(0).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

test('a sequence that never ends keeps no more than its limit', () => {
  const log = new InputLog({ maxSequenceBytes: 1_000, maxPasteBytes: 1_000 });
  const heap = (): number => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const piece = Buffer.alloc(1 << 20, 'x');
  for (const start of ['\x1b]0;', '\x07\x1b[200~']) {
    log.decoder.feed(Buffer.from(start));
    const before = heap();
    for (let count = 0; count < 16; count += 1) log.decoder.feed(piece);
    expect(heap() - before).toBeLessThan(4 << 20);
  }
});
