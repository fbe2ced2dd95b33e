/** What a terminal answers reaches who asked; nobody else hears of it, and no key is lost. */
import { describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import type { ITerminalTransport } from '../../terminal/contracts.ts';
import { ScreenBuffer } from '../../terminal/screen/screen-buffer.ts';
import { ConnectionLostError, UnsupportedError } from '../../transport/errors.ts';
import { openTerminal, type TerminalLab } from './terminal-lab.ts';

type Ask = (terminal: ITerminalTransport) => Promise<unknown>;

// the question · what is sent · what the terminal answers · what that means
const reports: Array<[name: string, ask: Ask, sent: string, answer: string, means: unknown]> = [
  ['cursor position', t => t.reportCursorPosition(), 'ESC [6n', '\x1b[5;10R', { column: 9, row: 4 }],
  ['cursor position in the first row', t => t.reportCursorPosition(), 'ESC [6n', '\x1b[1;2R', { column: 1, row: 0 }],
  ['attributes', t => t.reportDeviceAttributes(), 'ESC [c', '\x1b[?62;4;22c', [62, 4, 22]],
  ['second attributes', t => t.reportSecondaryDeviceAttributes(), 'ESC [>c', '\x1b[>41;370;0c', [41, 370, 0]],
  ['third attributes', t => t.reportTertiaryDeviceAttributes(), 'ESC [=c', '\x1bP!|00000000\x1b\\', '00000000'],
  ['version', t => t.reportVersion(), 'ESC [>q', '\x1bP>|XTerm(370)\x1b\\', 'XTerm(370)'],
  ['version with more in it', t => t.reportVersion(), 'ESC [>q', '\x1bP>|a\u009bb\x1b\\', 'ab'],
  [
    'colours, light on dark',
    t => t.reportColours(),
    'ESC ]10;?ESC \\ESC ]11;?ESC \\',
    '\x1b]10;rgb:ffff/ffff/ffff\x1b\\\x1b]11;rgb:00/80/f\x07',
    { foreground: [255, 255, 255], background: [0, 128, 255], scheme: 'dark' },
  ],
  [
    'colours, dark on light',
    t => t.reportColours(),
    'ESC ]10;?ESC \\ESC ]11;?ESC \\',
    '\x1b]10;#000000\x07\x1b]11;rgba:ff/ff/ff/ff\x07',
    { foreground: [0, 0, 0], background: [255, 255, 255], scheme: 'light' },
  ],
  ['size in cells', t => t.reportSizeInCells(), 'ESC [18t', '\x1b[8;24;80t', { columns: 80, rows: 24 }],
  ['size in pixels', t => t.reportSizeInPixels(), 'ESC [14t', '\x1b[4;480;800t', { width: 800, height: 480 }],
  ['size of a cell', t => t.reportCellSize(), 'ESC [16t', '\x1b[6;20;10t', { width: 10, height: 20 }],
  ['private mode', t => t.reportPrivateMode('autoWrap'), 'ESC [?7$p', '\x1b[?7;1$y', 'set'],
  ['unknown private mode', t => t.reportPrivateMode(9_999), 'ESC [?9999$p', '\x1b[?9999;0$y', 'unknown'],
  ['mode', t => t.reportMode('insert'), 'ESC [4$p', '\x1b[4;2$y', 'reset'],
];

describe.each(reports)('%s', (_name, ask, sent, answer, means) => {
  test('is asked for and answered', async () => {
    const { terminal, says, written } = openTerminal();
    const answered = ask(terminal);
    expect(written()).toBe(sent);
    says(answer);
    expect(await answered).toEqual(means);
  });

  test('loses no key that was typed around it, and is none, in any split', async () => {
    const { terminal, program, says } = openTerminal();
    const answered = ask(terminal);
    for (const byte of Buffer.from(`a\x1b[A${answer}\x1b[1;5Cb`)) says(Uint8Array.of(byte));
    expect(await answered).toEqual(means);
    expect(program.heard).toEqual(['made', 'key a', 'key up', 'key control+right', 'key b']);
  });

  // One is: in the first row, the cursor's position is what xterm sends for shift+F3.
  if (answer !== '\x1b[1;2R') {
    test('is never a key when nobody asked', () => {
      const { program, says } = openTerminal();
      says(`a${answer}b`);
      const [first, ...rest] = program.heard.slice(1);
      expect([first, rest.at(-1)]).toEqual(['key a', 'key b']);
      expect(rest.slice(0, -1).filter(line => !line.startsWith('unhandled '))).toEqual([]);
    });
  }

  test('has a deadline, after which a late answer is still no key', async () => {
    const { terminal, program, says, clock } = openTerminal({ reportTimeout: 1_000 });
    const failed = expect(ask(terminal)).rejects.toBeInstanceOf(UnsupportedError);
    clock.pass(1_000);
    await failed;
    says(`${answer}x`);
    expect(program.heard.filter(line => line.startsWith('key'))).toEqual(['key x']);
  });

  test('fails when the connection ends', async () => {
    const { terminal, wire, clock } = openTerminal();
    const failed = expect(ask(terminal)).rejects.toBeInstanceOf(ConnectionLostError);
    wire.lose();
    await failed;
    expect(clock.waiting).toBe(0);
  });
});

test('two answers go to two questions in the order asked', async () => {
  const { terminal, says } = openTerminal();
  const asked = Promise.all([terminal.reportCursorPosition(), terminal.reportCursorPosition()]);
  says('\x1b[1;1R\x1b[2;2R');
  expect(await asked).toEqual([
    { column: 0, row: 0 },
    { column: 1, row: 1 },
  ]);
});

test('nobody can ask without end', async () => {
  const { terminal, wire } = openTerminal();
  const asked = Array.from({ length: 64 }, () => terminal.reportDeviceAttributes().catch(() => 'lost'));
  await expect(terminal.reportDeviceAttributes()).rejects.toThrow('64 questions wait');
  wire.lose();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['lost']));
});

test('while an answer is awaited, an ESC waits longer: it is most likely its beginning', () => {
  const { terminal, program, says, clock } = openTerminal();
  void terminal.reportDeviceAttributes();
  says('\x1b');
  clock.pass(299);
  says('[?62cx');
  expect(program.heard).toEqual(['made', 'key x']);
});

test('keys between answers are heard in order, whatever comes between what', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', '\x1b[A', '\x1b[3;5~', 'é', '?'), { maxLength: 30 }),
      async typed => {
        const { terminal, program, says } = openTerminal();
        const questions = typed.filter(piece => piece === '?').map(() => terminal.reportDeviceAttributes());
        for (const byte of Buffer.from(typed.map(piece => (piece === '?' ? '\x1b[?1c' : piece)).join(''))) {
          says(Uint8Array.of(byte));
        }
        await Promise.all(questions);
        const names = { a: 'a', '\x1b[A': 'up', '\x1b[3;5~': 'control+delete', é: 'é' } as Record<string, string>;
        const expected = typed.filter(piece => piece !== '?').map(piece => `key ${names[piece]}`);
        expect(program.heard.slice(1)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});

describe('capabilities', () => {
  const probed = async (lab: TerminalLab, answers: string): Promise<TerminalLab['terminal']['capabilities']> => {
    const done = lab.terminal.probe();
    lab.says(answers);
    return done;
  };

  test('are guessed by TERM and COLORTERM before the terminal has said anything', () => {
    const guesses = ['dumb', 'linux', 'vt100', 'xterm', 'xterm-256color', 'xterm-kitty', 'nosuch'].map(
      term => openTerminal({ term, colorterm: '' }).terminal.capabilities.colours,
    );
    expect(guesses).toEqual([0, 8, 0, 8, 256, 16_777_216, 0]);
    expect(openTerminal({ term: 'xterm', colorterm: 'truecolor' }).terminal.capabilities.colours).toBe(16_777_216);
    expect(openTerminal({ term: 'dumb', colorterm: 'truecolor' }).terminal.capabilities.colours).toBe(0);
  });

  test('are asked for in one round trip, once', async () => {
    const lab = openTerminal();
    const done = lab.terminal.probe();
    const question = lab.written();
    expect(question).toMatch(/^ESC \[>q.*ESC \[c$/);
    lab.says('\x1b[?62c');
    const capabilities = await done;
    expect(capabilities.answered).toBe(true);
    expect(await lab.terminal.probe()).toBe(capabilities);
    expect([lab.written(), lab.program.heard]).toEqual(['', ['made']]);
  });

  test('are what the terminal answers', async () => {
    const answers =
      '\x1bP>|kitty(0.36.1)\x1b\\\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?0u\x1b[?2026;2$y\x1b[?2004;2$y\x1b[?1004;2$y' +
      '\x1b[?1006;2$y\x1b[?1016;2$y\x1b[?2048;0$y\x1b[?62;4c';
    expect(await probed(openTerminal({ term: 'xterm-256color' }), answers)).toEqual({
      term: 'xterm-256color',
      version: 'kitty(0.36.1)',
      answered: true,
      colours: 16_777_216,
      hyperlinks: true,
      kittyKeyboard: true,
      synchronizedOutput: true,
      bracketedPaste: true,
      focusReports: true,
      mouse: true,
      mousePixels: true,
      inBandResize: false,
      underlineStyles: true,
      cursorShape: true,
      alternateScreen: true,
      title: true,
      sixel: true,
      dark: false,
    });
  });

  test('are what was guessed, for all that was not answered', async () => {
    const lab = openTerminal({ term: 'xterm-256color' });
    const guessed = lab.terminal.capabilities;
    expect(await probed(lab, '\x1b[?1;2c')).toEqual({ ...guessed, answered: true });
  });

  test('are what was guessed, when the terminal does not answer at all', async () => {
    const lab = openTerminal({ term: 'xterm-256color', reportTimeout: 500 });
    const guessed = lab.terminal.capabilities;
    const done = lab.terminal.probe();
    lab.clock.pass(500);
    expect(await done).toEqual(guessed);
  });

  test('are not asked of terminals that would print the question', async () => {
    const lab = openTerminal({ term: 'dumb' });
    expect((await lab.terminal.probe()).answered).toBe(false);
    expect(lab.written()).toBe('');
  });

  test('of xterm.js are what it can do', async () => {
    const lab = openTerminal({ term: 'xterm-256color' });
    using emulator = new ScreenBuffer();
    const done = lab.terminal.probe();
    emulator.write(lab.wire.value());
    lab.says(emulator.takeReplies());
    expect(await done).toMatchObject({ answered: true, synchronizedOutput: true, bracketedPaste: true, mouse: true });
    expect(emulator.rows.join('').trim()).toBe('');
  });
});
