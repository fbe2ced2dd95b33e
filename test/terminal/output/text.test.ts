/** What any text at all becomes on its way to a terminal: it can appear, and do nothing else. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import * as out from '../../../terminal/output/index.ts';
import { openTerminal } from '../terminal-lab.ts';

/** Anything that a string can hold: letters, controls of both kinds, halves of characters, direction marks, sequences. */
const anything = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.integer({ min: 0, max: 0x9f }).map(code => String.fromCharCode(code)),
      fc.integer({ min: 0xd800, max: 0xdfff }).map(code => String.fromCharCode(code)),
      fc.constantFrom(
        '\u202e',
        '\u2066',
        '\u061c',
        '\x1b[31m',
        '\x1b]0;x\x07',
        '\x1b\\',
        '\u009b1m',
        '\u009c',
        ';',
        ':',
      ),
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''));

/** C0, DEL, and C1 as UTF-8 writes it: `C2 80` to `C2 9F`. */
function controlBytes(text: string): number[] {
  const bytes = Buffer.from(text, 'utf8');
  return [...bytes].filter(
    (byte, place) => byte < 0x20 || byte === 0x7f || (byte <= 0x9f && byte >= 0x80 && bytes[place - 1] === 0xc2),
  );
}

const isLone = (character: string): boolean => /^\p{Surrogate}$/u.test(character);
const isDirection = (character: string): boolean => /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/.test(character);

describe('text', () => {
  test('has no byte of a control character, and no half of a character, but the line ends and tabs that it may keep', () => {
    fc.assert(
      fc.property(anything, content => {
        const clean = out.text(content);
        expect(controlBytes(clean).filter(byte => byte !== 0x0a && byte !== 0x09)).toEqual([]);
        expect(Buffer.from(clean, 'utf8').toString('utf8')).toBe(clean);
        expect(controlBytes(out.text(content, { keep: '' }))).toEqual([]);
      }),
    );
  });

  test('keeps everything else, in its order', () => {
    fc.assert(
      fc.property(anything, content => {
        const harmless = [...content].filter(each => controlBytes(each).length === 0 && !isLone(each));
        expect(out.text(content, { keep: '' })).toBe(harmless.join(''));
        expect(out.text(content, { keep: '', removeBidi: true })).toBe(
          harmless.filter(each => !isDirection(each)).join(''),
        );
      }),
    );
  });

  test('shows a stand-in where one is wanted, once for each', () => {
    fc.assert(
      fc.property(anything, content => {
        const taken = [...content].filter(each => controlBytes(each).length > 0 || isLone(each)).length;
        expect(out.text(content, { keep: '', replacement: '\ufffd' })).toHaveLength(
          out.text(content, { keep: '' }).length + taken,
        );
      }),
    );
  });

  test('that a terminal writes has CR and LF, and no other control', () => {
    fc.assert(
      fc.property(anything, content => {
        const { terminal, wire } = openTerminal();
        wire.clear();
        terminal.writeText(content);
        expect(controlBytes(wire.value().toString('utf8')).filter(byte => ![0x09, 0x0a, 0x0d].includes(byte))).toEqual(
          [],
        );
      }),
    );
  });
});

/** What stands between the ends of one control string. */
function content(sequence: string): string {
  expect(sequence.startsWith('\x1b]') && sequence.endsWith('\x1b\\')).toBe(true);
  return sequence.slice(2, -2);
}

describe('inside of a control string', () => {
  test('a title cannot end it', () => {
    fc.assert(fc.property(anything, title => expect(controlBytes(content(out.setTitle(title)))).toEqual([])));
  });

  test('a notification cannot end it, nor be taken for another one', () => {
    fc.assert(
      fc.property(anything, anything, (title, body) => {
        expect(content(out.notify(body, { title, form: 'osc-9' }))).not.toMatch(/^9;\d+;|[\0-\x1f\x7f-\x9f]/);
        expect(content(out.notify(body, { title, form: 'osc-777' }))).toMatch(
          /^777;notify;[^;\0-\x1f]*;[^\0-\x1f\x7f-\x9f]*$/,
        );
        for (const each of out.notify(body, { title, form: 'osc-99' }).split(/(?<=\x1b\\)/))
          expect(controlBytes(content(each))).toEqual([]);
      }),
    );
  });

  test('a link is printable ASCII with a scheme, or refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'https://a/', 'mailto:', 'javascript:'),
        anything,
        anything,
        (start, rest, id) => {
          try {
            expect(content(out.startHyperlink(start + rest, id))).toMatch(
              /^8;id=[\x21-\x39\x3c-\x7e]*;[A-Za-z][\x21-\x7e]*$/,
            );
          } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            expect(start).not.toMatch(/^https|^mailto/);
          }
        },
      ),
    );
  });

  test('a clipboard is base64, whatever is in it', () => {
    fc.assert(
      fc.property(anything, copied => expect(content(out.copyToClipboard(copied))).toMatch(/^52;c;[A-Za-z0-9+/]*=*$/)),
    );
  });
});
