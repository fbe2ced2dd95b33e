/** A screen that is painted again on a second emulator is the same screen, in every place and in every mode. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import * as out from '../../../terminal/output/index.ts';
import { Emulator } from '../../../terminal/screen/headless.ts';
import { repaint } from '../../../terminal/screen/repaint.ts';
import { everything } from './everything.ts';

const size = { columns: 10, rows: 4, scrollback: 6 };

function isRepainted(writes: readonly string[], dimensions = size): void {
  using first = new Emulator(dimensions);
  using second = new Emulator(dimensions);
  for (const bytes of writes) first.feed(bytes);
  second.feed('what was there before\x1b[4m\x1b[?1049h');
  second.feed(repaint(first));
  expect(everything(second)).toEqual(everything(first));
}

describe('a repaint brings', () => {
  const facts: Array<[title: string, writes: string]> = [
    ['nothing on an empty screen', ''],
    ['text and the cursor', 'hello\r\nworld'],
    ['lines that have scrolled away', '1\r\n2\r\n3\r\n4\r\n5\r\n6'],
    ['no more lines than are kept', Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\r\n')],
    ['that a line goes on in the next', 'twelve chars and more, over the scrollback as well, for long'],
    ['that it does so though its end was erased', `0123456789ab${out.cursorPosition(5, 0)}${out.eraseToLineEnd()}`],
    ['a cursor behind the last column', '0123456789'],
    ['a cursor behind a wide character in the last column', '01234567日'],
    ['wide and combining characters', 'e\u0301日本e\u0301\u0302'],
    ['a wide character that did not fit', '012345678日'],
    ['half a wide character', `日本${out.cursorPosition(1, 0)}x`],
    ['a wide character that was torn at the edge', '\x1b[?7l01234567日x'],
    ['a mark behind the last column', `0123456789${out.setModes(['insert'])}\u0301`],
    ['a mark without its character', `${out.cursorPosition(3, 0)}\u0301x`],
    ['styles', `${out.setStyle({ bold: true, foreground: 1 })}a${out.setStyle({ background: '#102030' })}b`],
    [
      'underlines and their colours',
      `${out.setStyle({ underline: 'curly', underlineColour: 200 })}a${out.setStyle({ underline: true })}b`,
    ],
    ['backgrounds without text', `${out.setStyle({ background: 4 })}${out.eraseDisplay()}x${out.setStyle({})}`],
    ['a background in lines that scroll in', `${out.setStyle({ background: 4 })}a\r\nb\r\nc\r\nd\r\ne`],
    ['links', `${out.startHyperlink('https://nacre.example/', 'one')}link${out.endHyperlink()} no`],
    ['a link that goes on', out.startHyperlink('https://nacre.example/?a;b')],
    ['margins', `${out.scrollRegion(1, 2)}x`],
    ['origin mode and a cursor in it', `${out.scrollRegion(1, 2)}${out.setPrivateModes(['origin'])}x`],
    ['tab stops', `${out.clearAllTabStops()}${out.cursorPosition(3, 0)}${out.setTabStop()}`],
    ['no tab stops', out.clearAllTabStops()],
    ['a saved cursor with its style', `${out.setStyle({ italic: true })}ab${out.saveCursor()}\r\n`],
    ['a saved cursor with its character set', `${out.selectCharacterSet('line-drawing', 'G0')}${out.saveCursor()}`],
    ['character sets', `${out.selectCharacterSet('line-drawing', 'G1')}${out.selectCharacterSet('uk', 'G2')}q`],
    ['which character set is in use', `${out.selectCharacterSet('line-drawing', 'G1')}${out.shiftOut()}q`],
    ['titles, and those that were pushed', `${out.setTitle('a')}${out.pushTitle()}${out.setTitle('b')}`],
    ['modes', `${out.setPrivateModes(['cursorKeys', 'bracketedPaste', 'focusReports', 'mouseDrag', 'mouseSgr'])}`],
    ['more modes', `${out.setModes(['insert', 'newLine'])}${out.applicationKeypadMode()}\x1b[?45h\x1b[?7l`],
    ['an update that is not complete', out.setPrivateModes(['synchronizedOutput'])],
    ['a hidden cursor', out.resetPrivateModes(['cursorVisible'])],
    ['the shape of the cursor', out.cursorShape('blinking-bar')],
    ['the keyboard', out.pushKeyboardFlags('disambiguate') + out.pushKeyboardFlags('allKeys')],
    ['the alternate screen, and what is under it', `under${out.setPrivateModes(['alternateScreen'])}over`],
    [
      'margins, tabs and saved cursors of both screens',
      `${out.scrollRegion(0, 1)}\x1b[3g${out.setPrivateModes(['alternateScreen'])}${out.scrollRegion(2, 3)}` +
        `${out.cursorPosition(4, 3)}${out.saveCursor()}${out.setTabStop()}`,
    ],
    ['what DECALN does', out.screenAlignment()],
  ];
  test.each(facts)('%s', (_title, writes) => isRepainted([writes]));

  test('a screen of one row', () => isRepainted(['0123456789ab'.slice(0, 5)], { columns: 10, rows: 1, scrollback: 3 }));

  test('the newest lines of the scrollback, if that is asked for', () => {
    using first = new Emulator(size);
    using second = new Emulator(size);
    first.feed('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7');
    second.feed(repaint(first, { scrollback: 1 }));
    const { length, text } = second.buffer('normal');
    expect(Array.from({ length }, (_, line) => text(line))).toEqual(['3', '4', '5', '6', '7']);
  });

  test('no colour that the terminal cannot show', () => {
    using emulator = new Emulator(size);
    emulator.feed(`${out.setStyle({ foreground: '#ff0000' })}x`);
    expect(repaint(emulator, { abilities: { colours: 16, underlineStyles: false } })).toContain('\x1b[0;91mx');
  });
});

describe('a repaint brings all of a screen that was made by', () => {
  const small = fc.integer({ min: 1, max: 4 });
  const column = fc.integer({ min: 0, max: 9 });
  const row = fc.integer({ min: 0, max: 3 });
  const colour = fc.constantFrom<out.Colour>('red', 'bright-blue', 100, '#123456', 'default');
  const style = fc.record(
    {
      bold: fc.boolean(),
      dim: fc.boolean(),
      italic: fc.boolean(),
      underline: fc.constantFrom<boolean | out.Underline>(true, false, 'double', 'curly', 'dotted', 'dashed'),
      blink: fc.boolean(),
      inverse: fc.boolean(),
      hidden: fc.boolean(),
      strikethrough: fc.boolean(),
      overline: fc.boolean(),
      foreground: colour,
      background: colour,
      underlineColour: colour,
    },
    { requiredKeys: [] },
  );
  const set = fc.constantFrom<out.CharacterSet>('us', 'uk', 'line-drawing');
  const slot = fc.constantFrom<out.GraphicSet>('G0', 'G1', 'G2', 'G3');
  const mode = fc.constantFrom<out.PrivateMode>(
    ...(['cursorKeys', 'origin', 'autoWrap', 'cursorVisible', 'mouseButtons', 'mouseMotion', 'mouseSgr'] as const),
    ...(['focusReports', 'bracketedPaste', 'alternateScreen', 'synchronizedOutput', 45] as const),
  );
  const plain = <T>(operation: () => T): fc.Arbitrary<T> => fc.constant(null).map(operation);
  const counted = (operation: (count: number) => string): fc.Arbitrary<string> => small.map(operation);
  const text = fc.array(
    fc.constantFrom('a', 'b', 'q', '#', ' ', '日', 'é', 'e\u0301', '\u0301', '👩', '\t', '\r\n', '\b'),
    {
      maxLength: 14,
    },
  );

  const operation = fc.oneof(
    { weight: 6, arbitrary: text.map(pieces => pieces.join('')) },
    { weight: 3, arbitrary: style.map(chosen => out.setStyle(chosen as out.Style)) },
    { weight: 3, arbitrary: fc.tuple(column, row).map(([x, y]) => out.cursorPosition(x, y)) },
    fc
      .tuple(row, row)
      .filter(([top, bottom]) => top < bottom)
      .map(([top, bottom]) => out.scrollRegion(top, bottom)),
    fc.tuple(set, slot).map(([name, into]) => out.selectCharacterSet(name, into)),
    mode.map(name => out.setPrivateModes([name])),
    mode.map(name => out.resetPrivateModes([name])),
    fc
      .constantFrom<out.Mode>('insert', 'newLine')
      .chain(name => fc.constantFrom(out.setModes([name]), out.resetModes([name]))),
    fc.constantFrom<out.CursorShape>('default', 'block', 'blinking-bar', 'underline').map(out.cursorShape),
    fc.constantFrom('https://a.example/', 'https://b.example/x').map(uri => out.startHyperlink(uri)),
    fc.constantFrom('one', 'two').map(out.setTitle),
    fc.constantFrom<out.KeyboardFlag>('disambiguate', 'allKeys').map(flag => out.pushKeyboardFlags(flag)),
    ...[out.cursorUp, out.cursorDown, out.cursorForward, out.cursorBackward, out.eraseCharacter].map(counted),
    ...[out.insertCharacter, out.deleteCharacter, out.insertLine, out.deleteLine, out.scrollUp, out.scrollDown].map(
      counted,
    ),
    ...[out.saveCursor, out.restoreCursor, out.index, out.reverseIndex, out.nextLine, out.eraseLine].map(plain),
    ...[out.eraseToLineEnd, out.eraseToLineBeginning, out.eraseDisplay, out.eraseToDisplayEnd].map(plain),
    ...[out.eraseToDisplayBeginning, out.eraseScrollback, out.setTabStop, out.clearTabStop].map(plain),
    ...[out.clearAllTabStops, out.shiftIn, out.shiftOut, out.endHyperlink, out.pushTitle, out.popTitle].map(plain),
    ...[out.popKeyboardFlags, out.applicationKeypadMode, out.numericKeypadMode, out.softReset].map(operate =>
      plain(() => operate()),
    ),
    ...[out.reset, out.screenAlignment, out.resetScrollRegion].map(plain),
  );

  test('any operations of ours', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), writes => isRepainted(writes)),
      { numRuns: Number(process.env['RUNS'] ?? 300) },
    );
  });
});
