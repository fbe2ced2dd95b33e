/** Text broken into lines and cut to fit, by the columns that it takes. */
import { expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { cutText, fitText, wrapText } from '../../../terminal/drawing/lines.ts';
import { textWidth } from '../../../terminal/width.ts';

// text · columns · lines
const wraps: Array<[text: string, columns: number, lines: string[]]> = [
  ['', 5, ['']],
  ['hello world', 20, ['hello world']],
  ['hello world', 8, ['hello', 'world']],
  ['hello world', 5, ['hello', 'world']],
  ['a b c d', 3, ['a b', 'c d']],
  ['one\n\ntwo', 9, ['one', '', 'two']],
  ['a verylongword here', 6, ['a', 'verylo', 'ngword', 'here']],
  ['日本語の文字', 5, ['日本', '語の', '文字']],
  ['日', 1, ['\ufffd']],
  ['tab\there', 20, ['tab here']],
];

test.each(wraps)('%j in %d columns is %j', (text, columns, lines) => {
  expect(wrapText(text, columns)).toEqual(lines);
});

// text · columns · what is shown
const cuts: Array<[text: string, columns: number, shown: string]> = [
  ['hello', 5, 'hello'],
  ['hello', 4, 'hel…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['hello', 1, '…'],
  ['hello', 0, ''],
];

test.each(cuts)('%j cut to %d columns is %j', (text, columns, shown) => {
  expect(cutText(text, columns)).toBe(shown);
});

test('text is filled with spaces where it is not wanted', () => {
  expect([fitText('ab', 5), fitText('ab', 5, 'right'), fitText('ab', 5, 'centre')]).toEqual([
    'ab   ',
    '   ab',
    ' ab  ',
  ]);
});

const words = fc
  .array(fc.oneof(fc.constantFrom('a', 'word', '日本', 'e\u0301', 'averyveryverylongword', ' '), fc.string()))
  .map(all => all.join(' ').replace(/[\p{C}]/gu, ''));

test('no line is wider than asked, and no letter is lost', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 20 }), (content, columns) => {
      const lines = wrapText(content, columns);
      expect(lines.filter(line => textWidth(line.trimEnd()) > columns)).toEqual([]);
      expect(lines.join('').replace(/ /g, '')).toBe(content.replace(/ /g, ''));
    }),
  );
});
