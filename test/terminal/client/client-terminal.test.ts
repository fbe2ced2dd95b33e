/** A program on a terminal through ClientTerminal: what it does there, what it hears, and how it ends. */
import { describe, expect, test } from '@jest/globals';
import { ClientTerminal, type ClientTerminalOptions } from '../../../terminal/client/client-terminal.ts';
import type { ITerminalTransport } from '../../../terminal/contracts.ts';
import { answerTo } from '../../../terminal/client/question.ts';
import * as out from '../../../terminal/output/index.ts';
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { turns } from '../../support/turns.ts';
import { openTerminal } from '../terminal-lab.ts';

function open(options: ClientTerminalOptions = {}) {
  const lab = openTerminal({ convertNewlines: false, clipboard: true });
  lab.written();
  const client = new ClientTerminal(lab.terminal, options);
  const program = new StringTransport();
  program.start(client);
  return {
    ...lab,
    client,
    program,
    writes: (bytes: string) => program.receive(Buffer.from(bytes)),
    heard: () => program.value().toString().replaceAll('\x1b', 'ESC '),
  };
}

describe('a program', () => {
  test('does on the terminal what it writes, and what is not understood stays out', () => {
    const unhandled: string[] = [];
    const lab = open({ unhandled: sequence => unhandled.push(Buffer.from(sequence).toString('latin1')) });
    lab.writes('a\x1b[2;3Hb\x1b[?1049h\x1bPsecret\x1b\\\x1b]52;c;aGk=\x1b\\\n');
    expect(lab.written()).toBe('aESC [2;3HbESC [?1049h\n');
    expect(unhandled).toEqual(['\x1bPsecret\x1b\\', '\x1b]52;c;aGk=\x1b\\']);
  });

  test('has what it changed put back when the terminal is closed, also what it forgot', () => {
    const lab = open();
    lab.writes('\x1b[?1049h\x1b[?25l\x1b[31m');
    lab.written();
    lab.terminal.loseConnection();
    expect(lab.written()).toBe('');
    lab.program.lose();
    expect(lab.written()).toBe('ESC [0mESC [?25hESC [?1049l');
  });

  test('hears the answers of the terminal, column and row in their places', async () => {
    const lab = open();
    lab.writes('\x1b[6n');
    lab.says('\x1b[5;10R');
    await turns(2);
    expect(lab.heard()).toBe('ESC [5;10R');
  });

  test('hears nothing when the terminal does not answer in time', async () => {
    const lab = open();
    lab.writes('\x1b[6n');
    lab.clock.pass(10_000);
    await turns(2);
    expect(lab.heard()).toBe('');
  });

  test('is paused while the terminal has more than it can send', () => {
    const lab = open();
    expect(lab.wire.producer).toBe(lab.program);
  });

  test('copies to the clipboard where that was allowed', () => {
    const lab = open({ clipboard: true });
    lab.writes(out.copyToClipboard('hi'));
    expect(lab.written()).toBe('ESC ]52;c;aGk=ESC \\');
  });

  test('leaves the terminal open when it ends, with what it did not finish cut off', async () => {
    const unhandled: string[] = [];
    const lab = open({ unhandled: sequence => unhandled.push(Buffer.from(sequence).toString('latin1')) });
    lab.writes('\x1b[3');
    lab.program.lose();
    await expect(lab.client.ended).resolves.toMatchObject({ kind: 'done' });
    expect(unhandled).toEqual(['\x1b[3']);
    lab.terminal.write('still here');
    expect(lab.written()).toBe('still here');
  });

  test('scrolls down to the last row that the terminal has now', () => {
    const lab = open();
    lab.terminal.resized({ columns: 80, rows: 40, widthPixels: 0, heightPixels: 0 });
    lab.writes('\x1b[5r');
    expect(lab.written()).toBe('ESC [5;40r');
  });
});

/** A terminal that knows the answers. */
const answers = {
  reportDeviceAttributes: () => Promise.resolve([62, 4]),
  reportSecondaryDeviceAttributes: () => Promise.resolve([1, 2, 0]),
  reportTertiaryDeviceAttributes: () => Promise.resolve('00AB'),
  reportVersion: () => Promise.resolve('xterm(370)'),
  reportColours: () =>
    Promise.resolve({ foreground: [255, 0, 16] as const, background: [0, 0, 0] as const, scheme: 'dark' }),
  reportSizeInCells: () => Promise.resolve({ columns: 80, rows: 24 }),
  reportSizeInPixels: () => Promise.resolve({ width: 640, height: 480 }),
  reportCellSize: () => Promise.resolve({ width: 8, height: 20 }),
  reportMode: () => Promise.resolve('reset'),
  reportPrivateMode: () => Promise.resolve('permanently-set'),
} as unknown as ITerminalTransport;

test.each([
  [{ about: 'deviceAttributes' }, 'ESC [?62;4c'],
  [{ about: 'secondaryDeviceAttributes' }, 'ESC [>1;2;0c'],
  [{ about: 'tertiaryDeviceAttributes' }, 'ESC P!|00ABESC \\'],
  [{ about: 'version' }, 'ESC P>|xterm(370)ESC \\'],
  [{ about: 'foreground' }, 'ESC ]10;rgb:ffff/0000/1010ESC \\'],
  [{ about: 'background' }, 'ESC ]11;rgb:0000/0000/0000ESC \\'],
  [{ about: 'sizeInCells' }, 'ESC [8;24;80t'],
  [{ about: 'sizeInPixels' }, 'ESC [4;480;640t'],
  [{ about: 'cellSize' }, 'ESC [6;20;8t'],
  [{ about: 'mode', mode: 'insert' }, 'ESC [4;2$y'],
  [{ about: 'privateMode', mode: 'bracketedPaste' }, 'ESC [?2004;3$y'],
] as const)('%j is answered as terminals do', async (question, answer) => {
  expect((await answerTo(question, answers)).replaceAll('\x1b', 'ESC ')).toBe(answer);
});
