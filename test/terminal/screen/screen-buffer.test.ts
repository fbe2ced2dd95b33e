/** What a screen buffer tells of bytes in any split, what it answers, and that nothing makes it grow or throw. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import * as out from '../../../terminal/output/index.ts';
import { Emulator } from '../../../terminal/screen/headless.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import { ConfigError } from '../../../transport/errors.ts';
import { everything } from './everything.ts';

const screenOf = (bytes: string | Uint8Array, columns = 20, rows = 5): ScreenBuffer => {
  const screen = new ScreenBuffer({ columns, rows, scrollback: 50 });
  screen.write(bytes);
  return screen;
};

describe('a screen tells', () => {
  test('its rows, without what is empty at their ends', () => {
    using screen = screenOf('one\r\n\r\n  three  ');
    expect(screen.rows).toEqual(['one', '', '  three  ', '', '']);
    expect(screen.text).toBe('one\n\n  three  ');
  });

  test('what has scrolled away', () => {
    using screen = screenOf('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7');
    expect([screen.scrollback, screen.rows]).toEqual([
      ['1', '2'],
      ['3', '4', '5', '6', '7'],
    ]);
  });

  test('a wide character in two places, and marks with their character', () => {
    using screen = screenOf('日e\u0301');
    const cells = [0, 1, 2].map(column => screen.cell(column, 0));
    expect(cells).toEqual([
      { text: '日', width: 2, style: {} },
      { text: '', width: 0, style: {} },
      { text: 'e\u0301', width: 1, style: {} },
    ]);
  });

  test('the links of its places', () => {
    using screen = screenOf(`${out.startHyperlink('https://nacre.example/', 'id')}x`);
    expect(screen.cell(0, 0).link).toEqual({ uri: 'https://nacre.example/', id: 'id' });
  });

  test('its cursor, in the last column until the next character', () => {
    using screen = screenOf(`${'x'.repeat(20)}${out.cursorShape('bar')}${out.resetPrivateModes(['cursorVisible'])}`);
    expect(screen.cursor).toEqual({ column: 19, row: 0, visible: false, shape: 'bar' });
  });

  test('its title, and the one that was pushed', () => {
    using screen = screenOf(`${out.setTitle('a')}${out.pushTitle()}${out.setTitle('b')}`);
    expect(screen.title).toBe('b');
    screen.write(out.popTitle());
    expect(screen.title).toBe('a');
  });

  test('everything as plain values', () => {
    using screen = screenOf(out.setPrivateModes(['alternateScreen']) + 'x', 2, 1);
    expect(JSON.parse(JSON.stringify(screen.snapshot()))).toEqual({
      columns: 2,
      title: '',
      alternate: true,
      cursor: { column: 1, row: 0, visible: true, shape: 'default' },
      rows: [
        [
          { text: 'x', width: 1, style: {} },
          { text: '', width: 1, style: {} },
        ],
      ],
    });
  });

  test('that a line was wrapped, by wrapping it anew', () => {
    using screen = screenOf(`${'x'.repeat(25)}\r\n`);
    screen.resize(30, 5);
    expect(screen.rows[0]).toBe('x'.repeat(25));
  });
});

describe('it answers', () => {
  test('like a terminal', () => {
    using screen = screenOf(`ab${out.requestCursorPosition()}`);
    expect(screen.takeReplies()).toBe('\x1b[1;3R');
    expect(screen.takeReplies()).toBe('');
  });

  test('what the keyboard was asked for, on each screen by itself', () => {
    using screen = screenOf(out.pushKeyboardFlags('disambiguate', 'eventTypes'));
    screen.write(out.setPrivateModes(['alternateScreen']) + out.requestKeyboardFlags());
    screen.write(out.resetPrivateModes(['alternateScreen']) + out.requestKeyboardFlags());
    screen.write(out.popKeyboardFlags() + out.requestKeyboardFlags());
    expect(screen.takeReplies()).toBe('\x1b[?0u\x1b[?3u\x1b[?0u');
  });

  test('with no more than 64 KB that nobody takes', () => {
    using screen = screenOf(out.requestCursorPosition().repeat(50_000));
    expect(screen.takeReplies().length).toBeLessThanOrEqual(65_536);
  });
});

test('bytes mean the same in any split', () => {
  const whole = Buffer.from(
    `é日${out.setStyle({ foreground: '#123456' })}x${out.setTitle('títle')}${out.startHyperlink('https://a.example/')}y`,
  );
  using at = new Emulator();
  at.feed(whole);
  using piecewise = new Emulator();
  for (const byte of whole) piecewise.feed(Uint8Array.of(byte));
  expect(everything(piecewise)).toEqual(everything(at));
});

describe('erasing from the beginning up to the last place of the screen', () => {
  const corner = '\x1b[5;20H';
  // how the cursor comes there, and what is erased
  test.each([
    ['in the last place', corner, '\x1b[1J'],
    ['behind it', `${corner}x`, '\x1b[1J'],
    ['on the alternate screen', `\x1b[?1049h${corner}`, '\x1b[1J'],
    ['with a line in the scrollback', `\r\n\r\n\r\n\r\n\r\n${corner}`, '\x1b[1J'],
    ['what is not protected', corner, '\x1b[?1J'],
  ])('%s, erases all of it', (_how, goes, erases) => {
    using screen = screenOf(`one\r\ntwo${goes}${erases}`);
    expect(screen.rows).toEqual(['', '', '', '', '']);
  });

  test('leaves what is protected, if that is asked for', () => {
    using screen = screenOf(`one\x1b[1"qtwo\x1b[0"q${corner}x\x1b[?1J`);
    expect(screen.rows).toEqual(['   two', '', '', '', '']);
  });
});

describe('erasing from the beginning up to the last column of a row', () => {
  /** Which lines go on the one before: three rows of 20 columns, and a history of as many as there are `texts` but three. */
  const wrapped = (texts: readonly string[], goes: string): boolean[] => {
    using emulator = new Emulator({ columns: 20, rows: 3 });
    emulator.feed(`${texts.join('')}${goes}\x1b[1J`);
    const { length, isWrapped } = emulator.buffer('normal');
    return Array.from({ length }, (_, line) => isWrapped(line));
  };
  const row = 'x'.repeat(20);

  test.each([
    [1, [false, true, true, true, false, false, true]],
    [2, [false, true, true, true, false, false, false]],
    [3, [false, true, true, true, false, false, false]],
  ])('in row %i, the row below goes on none, and the history stays', (at, lines) => {
    expect(wrapped(Array<string>(7).fill(row), `\x1b[${at};20H`)).toEqual(lines);
  });

  test('with less history than rows', () => {
    expect(wrapped(Array<string>(4).fill(row), '\x1b[1;20H')).toEqual([false, false, false, true]);
    expect(wrapped(Array<string>(4).fill(row), '\x1b[2;20H')).toEqual([false, false, false, false]);
  });

  test('without history', () => {
    expect(wrapped(Array<string>(3).fill(row), '\x1b[1;20H')).toEqual([false, false, true]);
  });
});

describe('no bytes make it', () => {
  test('throw', () => {
    const noise = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc
          .constantFrom(
            '\x1b[',
            '\x1b]',
            '\x1bP',
            '\x1b\\',
            '?',
            ';',
            '9999999999',
            'h',
            'l',
            'm',
            'r',
            'u',
            '日',
            '8;;',
          )
          .map(piece => new Uint8Array(Buffer.from(piece))),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(noise, pieces => {
        using screen = new ScreenBuffer({ columns: 7, rows: 3, scrollback: 4 });
        for (const piece of pieces) screen.write(piece);
        screen.resize(3, 9);
        expect(screen.snapshot().rows).toHaveLength(9);
        expect(screen.serialize()).toContain('\x1bc');
      }),
      { numRuns: 200 },
    );
  });

  test('keep more than thirty marks on a character', () => {
    using screen = screenOf(`e${'\u0301'.repeat(40)}`);
    expect(screen.cell(0, 0).text).toBe(`e${'\u0301'.repeat(30)}`);
    expect(screen.cell(1, 0).text).toBe('\u0301'.repeat(10));
  });

  test('keep more than 5,000 links', () => {
    using screen = screenOf('');
    for (let link = 0; link < 5_010; link += 1)
      screen.write(`\x1b]8;;https://nacre.example/${link}\x07x\x1b]8;;\x07\r`);
    expect(screen.cell(0, 0).link).toBeUndefined();
  });

  test('keep a title that is longer than 255', () => {
    using screen = screenOf(out.setTitle('fits'));
    screen.write(`\x1b]2;${'x'.repeat(256)}\x07`);
    expect(screen.title).toBe('fits');
  });

  test('larger than a thousand columns and rows', () => {
    using screen = screenOf('');
    screen.resize(65_535, 4_294_967_295);
    expect([screen.columns, screen.height]).toEqual([1_000, 1_000]);
    screen.resize(0, Number.NaN);
    expect([screen.columns, screen.height]).toEqual([2, 1]);
  });
});

test.each([{ columns: 1 }, { columns: 1_001 }, { rows: 0 }, { rows: 2.5 }, { scrollback: -1 }, { scrollback: 1e9 }])(
  '%j is refused',
  options => expect(() => new ScreenBuffer(options)).toThrow(ConfigError),
);

test('there is no place outside of the screen', () => {
  using screen = screenOf('');
  expect(() => screen.cell(20, 0)).toThrow(RangeError);
  expect(() => screen.cell(0, 5)).toThrow(RangeError);
  expect(() => screen.cell(0, -1)).toThrow(RangeError);
});

describe('a picture', () => {
  const styled = `${out.setStyle({ foreground: 1, bold: true })}a<b${out.setStyle({ background: 21, underline: 'curly' })}日 `;

  test('as SVG has its text in the places where the screen has it', () => {
    using screen = screenOf(styled + out.setTitle('"x" & y'), 8, 2);
    expect(screen.toSvg({ cursor: false })).toMatchInlineSnapshot(`
     "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 67.2 35" width="67.2" height="35">
     <title>&quot;x&quot; &amp; y</title>
     <rect width="100%" height="100%" fill="#1e1e1e"/>
     <g font-family="ui-monospace, Menlo, Consolas, &quot;DejaVu Sans Mono&quot;, monospace" font-size="14" xml:space="preserve">
     <text x="0" y="14" textLength="25.2" lengthAdjust="spacingAndGlyphs" fill="#ff0000" style="font-weight:bold">a&lt;b</text>
     <rect x="25.2" y="0" width="25.2" height="17.5" fill="#0000ff"/>
     <text x="25.2" y="14" textLength="25.2" lengthAdjust="spacingAndGlyphs" fill="#d4d4d4" style="text-decoration:underline;text-decoration-style:wavy">日 </text>
     </g>
     </svg>
     "
    `);
  });

  test('as SVG has lines and blocks as shapes that meet, and text behind blanks in its own place', () => {
    using screen = screenOf('╭┼┃██▂▌\r\na   b', 7, 2);
    const shapes = screen.toSvg({ cursor: false, fontSize: 10 }).match(/^<(path|rect x|text).*$/gm);
    expect(shapes).toEqual([
      '<path d="M3 12.5 Q3 6.25 6 6.25" fill="none" stroke="#d4d4d4" stroke-width="1.2"/>',
      '<path d="M9 6.25 L9 0 M9 6.25 L12 6.25 M9 6.25 L9 12.5 M9 6.25 L6 6.25" fill="none" stroke="#d4d4d4" stroke-width="1.2"/>',
      '<path d="M15 6.25 L15 0 M15 6.25 L15 12.5" fill="none" stroke="#d4d4d4" stroke-width="2.4"/>',
      '<rect x="18" y="0" width="12" height="12.5" fill="#d4d4d4" shape-rendering="crispEdges"/>',
      '<rect x="30" y="9.38" width="6" height="3.13" fill="#d4d4d4" shape-rendering="crispEdges"/>',
      '<rect x="36" y="0" width="3" height="12.5" fill="#d4d4d4" shape-rendering="crispEdges"/>',
      '<text x="0" y="22.5" textLength="24" lengthAdjust="spacingAndGlyphs" fill="#d4d4d4">a   </text>',
      '<text x="24" y="22.5" textLength="18" lengthAdjust="spacingAndGlyphs" fill="#d4d4d4">b  </text>',
    ]);
  });

  test('as HTML is one element, with nothing in it that a program could have slipped in', () => {
    using screen = screenOf(`${styled}\x1b]8;;javascript:alert(1)\x07x\x1b]8;;https://a.example/"\x07y`, 12, 1);
    expect(screen.toHtml()).toMatchInlineSnapshot(`
     "<pre style="font-family:ui-monospace, Menlo, Consolas, &quot;DejaVu Sans Mono&quot;, monospace;color:#d4d4d4;background:#1e1e1e"><span style="color:#ff0000;font-weight:bold">a&lt;b</span><span style="color:#d4d4d4;background:#0000ff;text-decoration:underline;text-decoration-style:wavy">日 x</span><a href="https://a.example/&quot;"><span style="color:#d4d4d4;background:#0000ff;text-decoration:underline;text-decoration-style:wavy">y</span></a><span style="color:#1e1e1e;background:#d4d4d4"> </span><span style="color:#d4d4d4">   </span></pre>
     "
    `);
  });
});
