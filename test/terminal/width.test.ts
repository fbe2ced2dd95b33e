/** Graphemes and their widths: what is found quickly is what Unicode says. */
import { expect, test } from '@jest/globals';
import { eastAsianWidth } from 'get-east-asian-width';
import fc from '../support/properties.ts';
import { graphemesOf, graphemeWidth, textWidth } from '../../terminal/width.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

test('every simple character is a grapheme by itself, beside any other, and as wide as Unicode has it', () => {
  const ranges = [[0x20, 0x7e], [0xa1, 0xac], [0xae, 0x2ff], [0x2500, 0x25fc], [0x3041, 0x3096], [0x30a1, 0x30fa], [0x4e00, 0x9fff]] as const; // prettier-ignore
  const wrong: string[] = [];
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code += 1) {
      const character = String.fromCharCode(code);
      if (graphemeWidth(character) !== eastAsianWidth(code)) wrong.push(character);
      if ([...segmenter.segment(`a${character}${character}漢`)].length !== 4) wrong.push(character);
    }
  }
  expect(wrong).toEqual([]);
});

const pieces = fc.constantFrom(
  'a',
  'é',
  'e',
  '\u0301',
  '漢',
  '│',
  '▶',
  '\ufe0f',
  '\u200d',
  '👩',
  '🚀',
  '🇫',
  '🇷',
  'ᄒ',
  'ᅡ',
  '\u00ad',
);

test('text of anything is cut where Unicode cuts it', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), list => {
      const text = list.join('');
      expect(graphemesOf(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }),
  );
});

test.each([
  ['', 0],
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['▶', 1],
  ['▶\ufe0f', 2],
  ['👩‍🚀', 2],
  ['🇫🇷', 2],
  ['\u0301', 0],
])('%j takes %d columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});
