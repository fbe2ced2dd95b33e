/** What every control function does, seen on the screen of @xterm/headless. */
import { describe, expect, test } from '@jest/globals';
import * as out from '../../../terminal/output/index.ts';
import { Emulator } from '../../../terminal/screen/headless.ts';
import { screenFacts } from './screen-facts.ts';

async function shown(...writes: string[]): Promise<Emulator> {
  const emulator = new Emulator();
  for (const bytes of writes) await emulator.write(bytes);
  return emulator;
}

const withoutEmptyEnd = (rows: readonly string[]): string[] => rows.join('\n').replace(/\n+$/, '').split('\n');

describe('on the screen', () => {
  test.each(screenFacts.filter(({ notOn }) => !notOn?.headless).map(fact => [fact.title, fact] as const))(
    '%s',
    async (_title, { writes, shows }) => {
      using emulator = await shown(writes);
      expect(withoutEmptyEnd(emulator.rows)).toEqual(shows);
    },
  );
});

describe('modes', () => {
  const { setPrivateModes: set, resetPrivateModes: unset } = out;
  const switches: Array<[name: out.PrivateMode, mode: string, on: boolean | string, off: boolean | string]> = [
    ['cursorKeys', 'applicationCursorKeysMode', true, false],
    ['origin', 'originMode', true, false],
    ['autoWrap', 'wraparoundMode', true, false],
    ['mousePress', 'mouseTrackingMode', 'x10', 'none'],
    ['mouseButtons', 'mouseTrackingMode', 'vt200', 'none'],
    ['mouseDrag', 'mouseTrackingMode', 'drag', 'none'],
    ['mouseMotion', 'mouseTrackingMode', 'any', 'none'],
    ['focusReports', 'sendFocusMode', true, false],
    ['bracketedPaste', 'bracketedPasteMode', true, false],
    ['synchronizedOutput', 'synchronizedOutputMode', true, false],
  ];

  test.each(switches)('%s is the switch that xterm calls %s', async (name, mode, on, off) => {
    using emulator = await shown(set([name]));
    expect(emulator.modes[mode]).toBe(on);
    await emulator.write(unset([name]));
    expect(emulator.modes[mode]).toBe(off);
  });

  test('insert mode and the keypad are switches too', async () => {
    using emulator = await shown(out.setModes(['insert']), out.applicationKeypadMode());
    expect(emulator.modes).toMatchObject({ insertMode: true, applicationKeypadMode: true });
    await emulator.write(out.resetModes(['insert']) + out.numericKeypadMode());
    expect(emulator.modes).toMatchObject({ insertMode: false, applicationKeypadMode: false });
  });

  test('the alternate screen is another screen', async () => {
    using emulator = await shown(set(['alternateScreen']));
    expect(emulator.alternate).toBe(true);
    await emulator.write(unset(['alternateScreen']));
    expect(emulator.alternate).toBe(false);
  });
});

describe('styles', () => {
  // the style · what the place shows
  const styles: Array<[out.Style, object]> = [
    [{ bold: true, italic: true }, { attributes: ['bold', 'italic'] }],
    [{ dim: true, strikethrough: true }, { attributes: ['dim', 'strikethrough'] }],
    [{ blink: true, inverse: true }, { attributes: ['blink', 'inverse'] }],
    [{ hidden: true, overline: true }, { attributes: ['hidden', 'overline'] }],
    [{ underline: true }, { attributes: ['underline'] }],
    [
      { underline: 'curly', underlineColour: 'red' },
      { attributes: ['underline'], foreground: undefined },
    ],
    [{ foreground: 'red' }, { foreground: 1, background: undefined }],
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
    [
      { foreground: 'default', background: 'default' },
      { foreground: undefined, background: undefined },
    ],
  ];

  test.each(styles)('%j is shown as %j', async (style, expected) => {
    using emulator = await shown(out.setStyle(style), 'x');
    expect(emulator.cell(0, 0)).toMatchObject(expected);
  });

  test('a style ends the one before', async () => {
    using emulator = await shown(out.setStyle({ bold: true, foreground: 'red' }), out.setStyle({ italic: true }), 'x');
    expect(emulator.cell(0, 0)).toMatchObject({ attributes: ['italic'], foreground: undefined });
  });

  test('selectGraphicRendition takes raw parameters', async () => {
    using emulator = await shown(out.selectGraphicRendition(1, 38, 5, 33), 'x');
    expect(emulator.cell(0, 0)).toMatchObject({ attributes: ['bold'], foreground: 33 });
  });
});

test('setTitle sets the title', async () => {
  using emulator = await shown(out.setTitle('a; title'));
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
  test.each(questions)('%s', async (_name, question, answer) => {
    using emulator = await shown(question);
    expect(emulator.takeReplies()).toMatch(answer);
  });
});
