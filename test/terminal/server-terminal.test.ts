/** A terminal over a connection: operations, changes that are put back, sizes, the end, and a lone ESC. */
import { describe, expect, jest, test } from '@jest/globals';
import type { ITerminalTransport } from '../../terminal/contracts.ts';
import { Endpoint } from '../../transport/endpoint.ts';
import type { Medium } from '../../transport/medium.ts';
import { startTerminal } from '../../terminal/start-terminal.ts';
import { StringTransport } from '../../transport/memory/string-transport.ts';
import { turns } from '../support/turns.ts';
import { openTerminal, Program } from './terminal-lab.ts';

describe('writing', () => {
  test.each([
    [['a\nb'], 'a\r\nb'],
    [['a\r\nb'], 'a\r\nb'],
    [['a\r', '\nb'], 'a\r\nb'],
    [['a\r', '', '\nb'], 'a\r\nb'],
    [['\n\n'], '\r\n\r\n'],
    [['a\rb'], 'a\rb'],
  ])('%j reaches the terminal as %j', (writes, expected) => {
    const { terminal, wire } = openTerminal();
    for (const text of writes) terminal.write(Buffer.from(text));
    expect(wire.value().toString()).toBe(expected);
  });

  test('line ends stay as they are where that is asked for', () => {
    const { terminal, wire } = openTerminal({ convertNewlines: false });
    terminal.write('a\nb');
    expect(wire.value().toString()).toBe('a\nb');
  });

  test('strings are UTF-8, and writeText lets no control function through', () => {
    const { terminal, wire } = openTerminal();
    terminal.write('é');
    terminal.writeText('a\x1b[31m\u009b\x07b\n');
    expect(wire.value().toString()).toBe('éa[31mb\r\n');
  });

  test('what is no bytes and no string is a TypeError', () => {
    const { terminal } = openTerminal();
    expect(() => terminal.write(7 as unknown as string)).toThrow(TypeError);
  });
});

describe('what was changed is put back, the latest first', () => {
  // what is done · what putting back sends
  const changes: Array<[name: string, change: (terminal: ITerminalTransport) => void, undo: string]> = [
    ['nothing', () => undefined, ''],
    ['a private mode', t => t.setPrivateModes(['bracketedPaste']), 'ESC [?2004l'],
    ['one that is on at first', t => t.resetPrivateModes(['cursorVisible']), 'ESC [?25h'],
    ['a mode set twice', t => (t.setPrivateModes([1004]), t.setPrivateModes(['focusReports'])), 'ESC [?1004l'],
    ['a mode set and reset', t => (t.setPrivateModes([2004]), t.resetPrivateModes([2004])), ''],
    ['a mode that was on', t => t.setPrivateModes(['cursorVisible']), ''],
    ['an ANSI mode', t => t.setModes(['insert']), 'ESC [4l'],
    ['keyboard flags, twice', t => (t.pushKeyboardFlags('disambiguate'), t.pushKeyboardFlags()), 'ESC [<1uESC [<1u'],
    ['keyboard flags popped', t => (t.pushKeyboardFlags('disambiguate'), t.popKeyboardFlags()), ''],
    ['a title', t => (t.setTitle('a'), t.setTitle('b')), 'ESC [23;2t'],
    ['a style', t => t.setStyle({ bold: true }), 'ESC [0m'],
    ['a style taken back', t => (t.setStyle({ bold: true }), t.selectGraphicRendition()), ''],
    ['a link', t => t.startHyperlink('https://example.org'), 'ESC ]8;;ESC \\'],
    ['a scroll region', t => t.scrollRegion(1, 5), 'ESC [r'],
    ['a cursor shape', t => t.cursorShape('bar'), 'ESC [0 q'],
    ['a character set', t => (t.selectCharacterSet('line-drawing', 'G1'), t.shiftOut()), '\x0fESC )B'],
    ['the keypad', t => t.applicationKeypadMode(), 'ESC >'],
    [
      'several things',
      t => (t.setPrivateModes(['alternateScreen', 'mouseSgr']), t.resetPrivateModes([25]), t.setStyle({ dim: true })),
      'ESC [0mESC [?25hESC [?1006lESC [?1049l',
    ],
    ['a reset', t => (t.setPrivateModes(['alternateScreen']), t.reset()), ''],
  ];

  const endings: Array<[name: string, end: (lab: ReturnType<typeof openTerminal>) => void | Promise<void>]> = [
    ['on close', ({ terminal }) => terminal.loseConnection()],
    ['when the client sends EOF', ({ wire }) => wire.receiveEof()],
    [
      'when the program throws',
      ({ program, says }) => {
        program.react = () => {
          throw new Error('oops');
        };
        says('x');
      },
    ],
  ];

  describe.each(endings)('%s', (_name, end) => {
    test.each(changes)('%s', (_title, change, undo) => {
      const lab = openTerminal();
      change(lab.terminal);
      lab.written();
      void end(lab);
      expect([lab.written(), lab.wire.disconnecting, lab.wire.aborted]).toEqual([undo, true, false]);
    });
  });

  test('before an abort, where nothing else is queued', async () => {
    const sent: string[] = [];
    const medium: Medium = {
      send: (chunks, done) => {
        sent.push(Buffer.concat([...chunks]).toString());
        queueMicrotask(done);
      },
      sendEof: done => queueMicrotask(done),
      startReading: () => undefined,
      stopReading: () => undefined,
      close: () => void sent.push('closed'),
      destroy: () => void sent.push('destroyed'),
    };
    const ends = { peer: { kind: 'memory', name: 'peer' }, host: { kind: 'memory', name: 'host' } } as const;
    const program = new Program();
    const terminal = startTerminal(new Endpoint(medium, ends), program);
    terminal.setPrivateModes(['alternateScreen']);
    await turns(3);
    terminal.abortConnection();
    await turns(3);
    expect(sent).toEqual(['\x1b[?1049h', '\x1b[?1049l', 'destroyed']);
    expect(program.heard).toEqual(['made', 'lost aborted']);
  });

  test('only once its producer has finished, as that may still draw', () => {
    const { terminal, wire, written } = openTerminal();
    terminal.setPrivateModes(['alternateScreen']);
    terminal.registerProducer(
      { pauseProducing: () => undefined, resumeProducing: () => undefined, stopProducing: () => undefined },
      true,
    );
    terminal.loseConnection();
    terminal.write('last');
    expect([written(), wire.disconnecting]).toEqual(['ESC [?1049hlast', false]);
    terminal.unregisterProducer();
    expect([written(), wire.disconnecting]).toEqual(['ESC [?1049l', true]);
  });

  test('nothing can be changed afterwards', () => {
    const { terminal, written } = openTerminal();
    terminal.loseConnection();
    terminal.setStyle({ bold: true });
    terminal.write('x');
    expect(written()).toBe('x');
  });

  test('a close after our own EOF still closes', () => {
    const { terminal, wire } = openTerminal();
    terminal.loseWriteConnection();
    terminal.loseConnection();
    expect([wire.writeEnded, wire.disconnecting]).toEqual([true, true]);
  });
});

describe('the end', () => {
  test('nothing is told after loseConnection, not even what came in the same packet', () => {
    const { program, says } = openTerminal();
    program.react = (line, terminal) => line === 'key q' && terminal.loseConnection();
    says('aqb\x1b[A');
    says('c');
    expect(program.heard).toEqual(['made', 'key a', 'key q']);
  });

  test('a program that throws hears why, once and last', () => {
    const { program, says, wire } = openTerminal();
    program.react = line => {
      if (line === 'key x') throw new Error('oops');
    };
    says('axb');
    wire.lose();
    expect(program.heard).toEqual(['made', 'key a', 'key x', 'lost protocol-error oops']);
  });

  test('a program that throws when it is made is closed too', () => {
    const program = new Program();
    program.react = () => {
      throw new Error('oops');
    };
    const { wire } = openTerminal({}, program);
    expect(wire.disconnecting).toBe(true);
  });

  const failed = { code: 1, failure: expect.objectContaining({ message: 'oops' }) };
  // what the program does with its terminal, and how it then ends, as far as the one below is told
  test.each<[string, (terminal: ITerminalTransport) => void, unknown[]]>([
    ['is closed has status 0', t => t.loseConnection(), [{ code: 0, failure: undefined }]],
    ['exits has the status that it says', t => t.exit(7), [{ code: 7, failure: undefined }]],
    ['exits twice has the first status', t => (t.exit(7), t.exit(8)), [{ code: 7, failure: undefined }]],
    ['fails has status 1', t => t.fail(new Error('oops')), [failed]],
    ['fails twice has failed once', t => (t.fail(new Error('oops')), t.fail(new Error('then'))), [failed]],
    ['exits and then fails has exited', t => (t.exit(7), t.fail(new Error('oops'))), [{ code: 7, failure: undefined }]],
  ])('a program that %s', (_title, end, expected) => {
    const { terminal, ends } = openTerminal();
    end(terminal);
    expect(ends).toEqual(expected);
  });

  test.each([-1, 256, 1.5, NaN])('an exit status of %d is refused', code => {
    const { terminal, ends } = openTerminal();
    expect(() => terminal.exit(code)).toThrow(RangeError);
    expect(ends).toEqual([]);
  });

  test('a program that fails has its terminal put back, and hears with what', () => {
    const { terminal, program, wire, written, says } = openTerminal();
    terminal.setPrivateModes(['alternateScreen']);
    written();
    terminal.fail(new Error('oops'));
    says('x');
    expect(written()).toBe('ESC [?1049l');
    wire.lose();
    expect(program.heard).toEqual(['made', 'lost protocol-error oops']);
  });

  test('a program that fails while its producer still draws is not waited for', () => {
    const { terminal, ends } = openTerminal();
    const stopped: string[] = [];
    terminal.registerProducer(
      {
        pauseProducing: () => undefined,
        resumeProducing: () => undefined,
        stopProducing: () => void stopped.push('stopped'),
      },
      true,
    );
    terminal.exit(3);
    terminal.fail(new Error('oops'));
    expect([stopped, ends]).toEqual([['stopped'], [failed]]);
  });

  // who fails where nobody else is told
  test.each<[string, () => void]>([
    ['on a terminal of nobody', () => startTerminal(new StringTransport(), new Program()).fail(new Error('oops'))],
    [
      'after the end',
      () => {
        const { terminal, wire } = openTerminal();
        wire.lose();
        terminal.fail(new Error('oops'));
      },
    ],
  ])('what fails %s is a warning of the process', (_where, failing) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      failing();
      expect(warn.mock.calls).toEqual([[expect.stringContaining('oops'), 'ProtocolWarning']]);
    } finally {
      warn.mockRestore();
    }
  });

  test('a lone ESC before the client goes away is still the Escape key', () => {
    const { program, says, wire, clock } = openTerminal();
    says('\x1b');
    wire.lose();
    expect(program.heard).toEqual(['made', 'key escape', 'lost done']);
    expect(clock.waiting).toBe(0);
  });

  test('disposing waits for the end', async () => {
    const { terminal, wire, program } = openTerminal();
    const over = terminal[Symbol.asyncDispose]();
    wire.lose();
    await over;
    expect(program.heard.at(-1)).toBe('lost done');
  });
});

describe('sizes', () => {
  test('a new one is told, the same one is not', () => {
    const { terminal, program } = openTerminal({ size: { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 } });
    terminal.resized({ columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 });
    terminal.resized({ columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 });
    expect([terminal.size.columns, program.heard]).toEqual([100, ['made', 'size 100×30']]);
  });

  test('the terminal tells its own where it was asked to (mode 2048)', () => {
    const { terminal, program, says } = openTerminal();
    terminal.setPrivateModes(['inBandResize']);
    says('\x1b[48;30;100;600;1000t');
    expect(terminal.size).toEqual({ columns: 100, rows: 30, widthPixels: 1_000, heightPixels: 600 });
    expect(program.heard).toEqual(['made', 'size 100×30']);
  });

  test('nobody else can tell it that way, and nothing impossible', () => {
    const { terminal, program, says } = openTerminal();
    says('\x1b[48;30;100;600;1000t');
    terminal.setPrivateModes(['inBandResize']);
    says('\x1b[48;0;100;600;1000t');
    says('\x1b[48;70000;100;600;1000t');
    expect(program.heard.slice(1).map(line => line.split(' ')[0])).toEqual(['unhandled', 'unhandled', 'unhandled']);
  });

  test('pixels of the mouse become cells by it', () => {
    const { terminal, program, says } = openTerminal({
      size: { columns: 80, rows: 24, widthPixels: 800, heightPixels: 480 },
    });
    terminal.setPrivateModes(['mouseButtons', 'mouseSgrPixels']);
    says('\x1b[<0;101;41M');
    terminal.resetPrivateModes(['mouseSgrPixels']);
    says('\x1b[<0;3;2M');
    expect(program.heard.slice(1)).toEqual(['mouse press 10,2 (100,40)', 'mouse press 2,1']);
  });
});

describe('a lone ESC', () => {
  test('is the Escape key when nothing follows in time', () => {
    const { program, says, clock } = openTerminal({ escapeTimeout: 50 });
    says('\x1b');
    clock.pass(49);
    expect(program.heard).toEqual(['made']);
    clock.pass(1);
    expect(program.heard).toEqual(['made', 'key escape']);
  });

  test('begins a sequence when its rest comes in time, however small the pieces', () => {
    const { program, says, clock } = openTerminal({ escapeTimeout: 50 });
    for (const piece of ['\x1b', '[', '1;', '5', 'A']) {
      says(piece);
      clock.pass(49);
    }
    expect(program.heard).toEqual(['made', 'key control+up']);
    expect(clock.waiting).toBe(0);
  });

  test('waits longer on a slow line, as the terminal has answered slowly', async () => {
    const { terminal, program, says, clock } = openTerminal();
    const answer = terminal.reportDeviceAttributes();
    clock.pass(400);
    says('\x1b[?62c');
    await answer;
    says('\x1b');
    clock.pass(224);
    expect(program.heard).toEqual(['made']);
    clock.pass(1);
    expect(program.heard).toEqual(['made', 'key escape']);
  });

  test('a sequence that is left unfinished is given up after a while, and keys are keys again', () => {
    const { program, says, clock } = openTerminal();
    says('\x1b]11;rgb');
    clock.pass(3_000);
    says('x');
    expect(program.heard).toEqual(['made', 'unhandled ESC ]11;rgb', 'key x']);
  });
});

test('the clipboard is not written unless the option says so', () => {
  expect(() => openTerminal().terminal.copyToClipboard('x')).toThrow('set the option `clipboard`');
  const { terminal, written } = openTerminal({ clipboard: true });
  terminal.copyToClipboard('x');
  expect(written()).toBe('ESC ]52;c;eA==ESC \\');
});

test('colours are reduced to what the terminal shows', () => {
  const { terminal, written } = openTerminal({ term: 'xterm-256color' });
  terminal.setStyle({ foreground: '#ff0000', underline: 'curly' });
  expect(written()).toBe('ESC [0;4;38;5;196m');
});

describe('options', () => {
  test.each([
    [{ nosuch: 1 }, 'nosuch: there is no such option'],
    [{ escapeTimeout: -1 }, 'escapeTimeout: must be'],
    [{ maxPasteBytes: 0.5 }, 'maxPasteBytes: must be'],
  ])('%j is refused', (options, message) => {
    expect(() => openTerminal(options as object)).toThrow(message);
  });
});
