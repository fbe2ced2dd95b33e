/** What a program's bytes are: facts with their reasons, and what holds for any bytes. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { operation } from '../../../terminal/client/operation.ts';
import { OutputDecoder } from '../../../terminal/client/output-decoder.ts';
import * as out from '../../../terminal/output/index.ts';
import { anyOperation, written } from './any-operation.ts';
import { told, type Told } from './output-log.ts';

const setPrivateModes = (...names: out.PrivateMode[]): Told => operation('setPrivateModes', names);
const unhandled = (sequence: string): Told => ({ unhandled: sequence });
const text = (content: string): Told => ({ text: content });

const facts: ReadonlyArray<readonly [input: string, means: readonly Told[], why: string]> = [
  ['a\r\n\tb', [text('a\r\n\tb')], 'controls of layout are part of the text'],
  ['é日\ud83d\ude00', [text('é日😀')], 'UTF-8'],
  ['a\bb', [text('a'), operation('cursorBackward', 1), text('b')], 'ECMA-48 §8.3.5'],
  ['\x07', [operation('bell')], 'ECMA-48 §8.3.3'],
  ['a\x00\x7fb', [text('a'), unhandled('\0'), unhandled('\x7f'), text('b')], 'they show nothing: ECMA-48 §8.3.88'],
  ['a\u009b31mb', [text('a'), unhandled('\xc2\x9b'), text('31mb')], 'C1 as characters is no text'],
  ['\x1b[A', [operation('cursorUp', 1)], 'a missing count is 1: ECMA-48 §8.3.22'],
  ['\x1b[0A', [operation('cursorUp', 1)], '0 is 1: ECMA-48 4th ed., and every terminal'],
  ['\x1b[65536A', [unhandled('\x1b[65536A')], 'more than terminal/output/ can write'],
  ['\x1b[3;4H', [operation('cursorPosition', 3, 2)], 'the row first, and from 1: ECMA-48 §8.3.21'],
  ['\x1b[;4H', [operation('cursorPosition', 3, 0)], 'a missing row is the first'],
  ['\x1b[2;3f', [operation('cursorPosition', 2, 1)], 'HVP, ECMA-48 §8.3.63'],
  ['\x1b[2E', [operation('cursorDown', 2), operation('cursorColumn', 0)], 'CNL, ECMA-48 §8.3.12'],
  ['\x1b[5r', [operation('scrollRegion', 4, 23)], 'down to the last of 24 rows: VT510, DECSTBM'],
  ['\x1b[;r', [operation('resetScrollRegion')], 'the whole screen'],
  ['\x1b[5;5r', [unhandled('\x1b[5;5r')], 'terminals ignore a region of one row'],
  ['\x1b[?25;1049h', [setPrivateModes('cursorVisible', 'alternateScreen')], 'modes have names'],
  ['\x1b[?47h', [setPrivateModes(47)], 'or stay numbers'],
  ['\x1b[;1;38;5;9m', [operation('selectGraphicRendition', 0, 1, 38, 5, 9)], 'a missing one is 0'],
  ['\x1b[4:3;58:2::1:2:3m', [operation('selectGraphicRendition', '4:3', '58:2::1:2:3')], 'ISO 8613-6'],
  ['\x1b[3\n1A', [text('\n'), operation('cursorUp', 31)], 'a control inside takes effect at once: VT510'],
  ['\x1b[3\x181A', [unhandled('\x1b[3'), unhandled('\x18'), text('1A')], 'CAN ends a sequence: ECMA-48 §8.3.6'],
  ['\x1b[3\x1b[4A', [unhandled('\x1b[3'), operation('cursorUp', 4)], 'ESC begins another'],
  ['\x1b[3é', [unhandled('\x1b[3'), text('é')], 'no byte of a character is part of a sequence'],
  ['x\x1b[3b', [text('xxxx')], 'REP, ECMA-48 §8.3.103: ncurses uses it'],
  ['x\x1b[99999b', [text('x'.repeat(4_097))], 'REP is bounded'],
  ['\x1b[3b', [unhandled('\x1b[3b')], 'there is nothing to repeat'],
  ['\x1b]0;a\x07b', [operation('setTitle', 'a'), text('b')], 'BEL ends an OSC: xterm'],
  ['\x1b]2;a\x01\u009bé\x1b\\', [operation('setTitle', 'aé')], 'no control character in a title'],
  ['\x1bPq\x07a\x1b\\b', [unhandled('\x1bPq\x07a\x1b\\'), text('b')], 'BEL ends no other string'],
  ['\x1b]0;a\x1b[A', [unhandled('\x1b]0;a'), operation('cursorUp', 1)], 'ESC ends a string too'],
  ['\x1b]8;a=b:id=x;http://y\x1b\\', [operation('startHyperlink', 'http://y', 'x')], 'OSC 8'],
  ['\x1b]8;;javascript:1\x1b\\', [unhandled('\x1b]8;;javascript:1\x1b\\')], 'runs code'],
  ['\x1b]52;c;?\x1b\\', [unhandled('\x1b]52;c;?\x1b\\')], 'reading the clipboard is never understood'],
  ['\x1b]52;c;aGk=\x1b\\', [operation('copyToClipboard', 'hi', 'clipboard')], 'OSC 52'],
  ['\x1b]9;4;1;50\x1b\\', [unhandled('\x1b]9;4;1;50\x1b\\')], 'a progress bar of ConEmu, and no notification'],
  ['\x1b[6n\x1b[?25$p', [{ about: 'cursorPosition' }, { about: 'privateMode', mode: 'cursorVisible' }], 'questions'],
  ['\x1b]11;?\x07', [{ about: 'background' }], 'xterm ctlseqs'],
  ['\x1b[', [unhandled('\x1b[')], 'a sequence that is never ended'],
];

describe('a program that writes', () => {
  test.each(facts)('%j', (input, means, _why) => {
    expect(told([input])).toEqual(means);
    expect(told(Array.from(Buffer.from(input), byte => Uint8Array.of(byte)))).toEqual(means);
  });
});

test('writing to the clipboard is unhandled unless it was asked for', () => {
  expect(told([out.copyToClipboard('hi')], {})).toEqual([unhandled('\x1b]52;c;aGk=\x1b\\')]);
});

test('a character that was begun is none once a control or a sequence comes, and stands in front of it', () => {
  const begun = Buffer.from([0xe6]);
  expect(told([begun, '\x07a'])).toEqual([text('\ufffd'), operation('bell'), text('a')]);
  expect(told([begun, '\x1b[Aa'])).toEqual([text('\ufffd'), operation('cursorUp', 1), text('a')]);
  expect(told([begun])).toEqual([text('\ufffd')]);
});

test('what was understood once is understood again, and never for what another sequence means', () => {
  const places = Array.from({ length: 3_000 }, (_, column) => operation('cursorPosition', column, column % 50));
  const bytes = places.map(written).join('');
  expect(told([bytes, bytes])).toEqual([...places, ...places]);
});

test('a sequence past its limit is unhandled, and cut', () => {
  expect(told([`\x1b]2;${'x'.repeat(40)}\x07a`], { maxSequenceBytes: 16 })).toEqual([
    unhandled(`\x1b]2;${'x'.repeat(12)}`),
    text('a'),
  ]);
});

const loose = (told: Told): string => ('text' in told ? told.text : '');

/** What an operation is when it comes back: itself, but for those that are shorthand for others. */
function comesBackAs(bytes: string, wanted: Told): Told {
  if (!('name' in wanted)) return wanted;
  if (wanted.name === 'nextLine') return text('\r\n');
  if (wanted.name !== 'setStyle' && wanted.name !== 'selectGraphicRendition') return wanted;
  const parameters = (bytes.slice(2, -1) || '0').split(';');
  return operation(
    'selectGraphicRendition',
    ...parameters.map(each => (each.includes(':') ? (each as out.GraphicParameter) : Number(each))),
  );
}

/** Names whose values are cleaned on the way out: they come back as the clean ones, which the next test looks at. */
const cleaned = new Set(['setTitle', 'notify', 'startHyperlink', 'copyToClipboard']);

test('every operation that is written comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 8 }), operations => {
      const plain = operations.filter(({ name }) => !cleaned.has(name));
      const wanted = plain.map(each => comesBackAs(written(each), each));
      const back = told(plain.map(written));
      expect(back.filter(each => !('text' in each))).toEqual(wanted.filter(each => !('text' in each)));
      expect(back.map(loose).join('')).toEqual(wanted.map(loose).join(''));
    }),
    { numRuns: 300 },
  );
});

test('what was cleaned comes back clean, and then stays as it is', () => {
  fc.assert(
    fc.property(
      anyOperation.filter(({ name }) => cleaned.has(name)),
      dirty => {
        const [back, ...more] = told([written(dirty)]);
        expect(more).toEqual([]);
        expect(back).toMatchObject({ name: dirty.name });
        if (back && 'name' in back) expect(told([written(back)])).toEqual([back]);
      },
    ),
    { numRuns: 300 },
  );
});

const noise = fc
  .array(
    fc.oneof(
      anyOperation.map(written),
      fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1b]',
        '\x1bP',
        '\x1b]8;;',
        '\x1b]52;c;',
        '\x1b]99;i=1:d=0:p=title;',
        '\x1b\\',
      ),
      fc.constantFrom(
        '0',
        '1',
        ';',
        ':',
        '$',
        '?',
        '>',
        '<',
        ' ',
        'm',
        'H',
        'u',
        '\x07',
        '\x7f',
        '\x18',
        '\n',
        'é',
        '\u009b',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .chain(parts => fc.tuple(fc.constant(Buffer.from(parts.join(''))), fc.uint8Array({ maxLength: 20 })))
  .map(([parts, bytes]) => Buffer.concat([parts, bytes]));

test('what any bytes are does not depend on how they are split, and nothing throws', () => {
  fc.assert(
    fc.property(noise, fc.array(fc.nat(100), { maxLength: 8 }), (bytes, cuts) => {
      const places = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(told(pieces)).toEqual(told([bytes]));
      expect(told(Array.from(bytes, byte => Uint8Array.of(byte)))).toEqual(told([bytes]));
    }),
    { numRuns: 300 },
  );
});

test('whatever bytes come, every operation can be written, and no text holds a control character but those of layout', () => {
  fc.assert(
    fc.property(noise, bytes => {
      for (const each of told([bytes])) {
        if ('name' in each) expect(told([written(each)])).toEqual([comesBackAs(written(each), each)]);
        if ('text' in each) expect(each.text).not.toMatch(/[\0-\x08\x0e-\x1f\x7f-\x9f]|\p{Surrogate}/u);
      }
    }),
    { numRuns: 300 },
  );
});

test('noise, and strings that never end, keep no more than a sequence', () => {
  const ignore = (): void => undefined;
  const listener = { text: ignore, operation: ignore, question: ignore, unhandled: ignore };
  const decoder = new OutputDecoder(listener, { maxSequenceBytes: 1_000 });
  const held = (): number => process.memoryUsage().arrayBuffers;
  const noisy = Buffer.from(Array.from({ length: 1 << 20 }, (_, place) => (place * 2_654_435_761) >>> 24));
  for (const piece of [noisy, Buffer.from('\x1b]0;'), Buffer.alloc(1 << 20, 'x')]) {
    const before = held();
    for (let count = 0; count < 12; count += 1) decoder.feed(piece);
    expect(held() - before).toBeLessThan(8 << 20);
  }
});
