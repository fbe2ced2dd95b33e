/** What every control function does, seen on the screen of @xterm/headless. */
import { describe, expect, test } from '@jest/globals';
import * as out from '../../../terminal/output/index.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import { screenFacts } from './screen-facts.ts';

function shown(...writes: string[]): ScreenBuffer {
  const emulator = new ScreenBuffer();
  for (const bytes of writes) emulator.write(bytes);
  return emulator;
}

const withoutEmptyEnd = (rows: readonly string[]): string[] => rows.join('\n').replace(/\n+$/, '').split('\n');

describe('on the screen', () => {
  test.each(screenFacts.filter(({ notOn }) => !notOn?.headless).map(fact => [fact.title, fact] as const))(
    '%s',
    (_title, { writes, shows }) => {
      using emulator = shown(writes);
      expect(withoutEmptyEnd(emulator.rows)).toEqual(shows);
    },
  );
});

describe('modes', () => {
  const { setPrivateModes: set, resetPrivateModes: unset } = out;
  const switches: Array<
    [name: out.PrivateMode, mode: keyof ScreenBuffer['modes'], on: boolean | string, off: boolean | string]
  > = [
    ['cursorKeys', 'cursorKeys', true, false],
    ['origin', 'origin', true, false],
    ['autoWrap', 'autoWrap', true, false],
    ['mousePress', 'mouse', 'press', 'none'],
    ['mouseButtons', 'mouse', 'buttons', 'none'],
    ['mouseDrag', 'mouse', 'drag', 'none'],
    ['mouseMotion', 'mouse', 'motion', 'none'],
    ['focusReports', 'focusReports', true, false],
    ['bracketedPaste', 'bracketedPaste', true, false],
    ['synchronizedOutput', 'synchronizedOutput', true, false],
  ];

  test.each(switches)('%s is the switch that the screen calls %s', (name, mode, on, off) => {
    using emulator = shown(set([name]));
    expect(emulator.modes[mode]).toBe(on);
    emulator.write(unset([name]));
    expect(emulator.modes[mode]).toBe(off);
  });

  test('insert mode and the keypad are switches too', () => {
    using emulator = shown(out.setModes(['insert']), out.applicationKeypadMode());
    expect(emulator.modes).toMatchObject({ insert: true, applicationKeypad: true });
    emulator.write(out.resetModes(['insert']) + out.numericKeypadMode());
    expect(emulator.modes).toMatchObject({ insert: false, applicationKeypad: false });
  });

  test('the alternate screen is another screen', () => {
    using emulator = shown(set(['alternateScreen']));
    expect(emulator.alternate).toBe(true);
    emulator.write(unset(['alternateScreen']));
    expect(emulator.alternate).toBe(false);
  });
});

describe('styles', () => {
  // the style · what the place shows
  const styles: Array<[out.Style, out.Style]> = [
    [
      { bold: true, italic: true },
      { bold: true, italic: true },
    ],
    [
      { dim: true, strikethrough: true },
      { dim: true, strikethrough: true },
    ],
    [
      { blink: true, inverse: true },
      { blink: true, inverse: true },
    ],
    [
      { hidden: true, overline: true },
      { hidden: true, overline: true },
    ],
    [{ underline: true }, { underline: 'single' }],
    [
      { underline: 'curly', underlineColour: 'red' },
      { underline: 'curly', underlineColour: 1 },
    ],
    [{ underline: 'double' }, { underline: 'double' }],
    [{ underline: 'dotted' }, { underline: 'dotted' }],
    [
      { underline: 'dashed', underlineColour: '#010203' },
      { underline: 'dashed', underlineColour: '#010203' },
    ],
    [{ foreground: 'red' }, { foreground: 1 }],
    [
      { foreground: 'bright-white', background: 'black' },
      { foreground: 15, background: 0 },
    ],
    [
      { foreground: 196, background: 232 },
      { foreground: 196, background: 232 },
    ],
    [
      { foreground: '#123456', background: '#FEDCBA' },
      { foreground: '#123456', background: '#fedcba' },
    ],
    [{ foreground: 'default', background: 'default' }, {}],
  ];

  test.each(styles)('%j is shown as %j', (style, expected) => {
    using emulator = shown(out.setStyle(style), 'x');
    expect(emulator.cell(0, 0).style).toEqual(expected);
  });

  test('a style ends the one before', () => {
    using emulator = shown(out.setStyle({ bold: true, foreground: 'red' }), out.setStyle({ italic: true }), 'x');
    expect(emulator.cell(0, 0).style).toEqual({ italic: true });
  });

  test('selectGraphicRendition takes raw parameters', () => {
    using emulator = shown(out.selectGraphicRendition(1, 38, 5, 33), 'x');
    expect(emulator.cell(0, 0).style).toEqual({ bold: true, foreground: 33 });
  });
});

test('setTitle sets the title', () => {
  using emulator = shown(out.setTitle('a; title'));
  expect(emulator.title).toBe('a; title');
});

describe('questions are answered', () => {
  const questions: Array<[name: string, question: string, answer: RegExp]> = [
    ['requestCursorPosition', `${out.cursorPosition(3, 1)}${out.requestCursorPosition()}`, /^\x1b\[2;4R$/],
    ['requestDeviceAttributes', out.requestDeviceAttributes(), /^\x1b\[\?\d+(;\d+)*c$/],
    ['requestSecondaryDeviceAttributes', out.requestSecondaryDeviceAttributes(), /^\x1b\[>\d+(;\d+)*c$/],
    ['requestPrivateMode', out.requestPrivateMode('autoWrap'), /^\x1b\[\?7;1\$y$/],
    ['requestMode', out.requestMode('insert'), /^\x1b\[4;2\$y$/],
  ];
  test.each(questions)('%s', (_name, question, answer) => {
    using emulator = shown(question);
    expect(emulator.takeReplies()).toMatch(answer);
  });
});
