/** The editor in the words of node:readline/promises, and programs of questions and answers. */
import { describe, expect, test } from '@jest/globals';
import { LineEditor } from '../../../terminal/line/line-editor.ts';
import { lineProgram } from '../../../terminal/line/line-program.ts';
import { Readline } from '../../../terminal/line/readline.ts';
import { ScreenLab } from './screen-lab.ts';

function begun(): { lab: ScreenLab; reader: Readline; heard: string[] } {
  const editor = new LineEditor();
  const lab = new ScreenLab(editor);
  const reader = new Readline(editor, { prompt: '> ' });
  const heard: string[] = [];
  reader.on('line', line => heard.push(`line ${line}`));
  reader.on('close', () => heard.push('close'));
  return { lab, reader, heard };
}

describe('Readline', () => {
  test('question asks', async () => {
    const { lab, reader } = begun();
    const name = reader.question('name? ');
    await lab.type('ann\r');
    expect(await name).toBe('ann');
    expect(lab.screen()).toEqual(['name? ann', '▏']);
  });

  test('a signal takes the question back, and another can be asked', async () => {
    const { lab, reader } = begun();
    await expect(reader.question('a? ', { signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow('late');
    const answer = reader.question('b? ');
    await lab.type('x\r');
    expect(await answer).toBe('x');
  });

  test('prompt tells the line as an event', async () => {
    const { lab, reader, heard } = begun();
    reader.prompt();
    await lab.type('ab\x02');
    expect({ line: reader.line, cursor: reader.cursor }).toEqual({ line: 'ab', cursor: 1 });
    await lab.type('\r');
    expect(heard).toEqual(['line ab']);
    expect(reader.history).toEqual(['ab']);
  });

  test('goes through lines until the end of input', async () => {
    const { lab, reader, heard } = begun();
    const lines: string[] = [];
    const all = (async () => {
      for await (const line of reader) lines.push(line);
    })();
    await lab.type('a\rb\r\x04');
    await all;
    expect({ lines, heard, closed: reader.closed }).toEqual({ lines: ['a', 'b'], heard: ['close'], closed: true });
  });

  test('control+C closes, unless somebody listens to SIGINT', async () => {
    const { lab, reader, heard } = begun();
    reader.once('SIGINT', () => heard.push('SIGINT'));
    const refused = expect(reader.question('? ')).rejects.toThrow('control+C');
    await lab.type('a\x03');
    expect(heard).toEqual(['SIGINT']);
    await lab.type('b\x03');
    await refused;
    expect(heard).toEqual(['SIGINT', 'close']);
  });

  test('close takes back the question that is asked', async () => {
    const { lab, reader } = begun();
    const answer = reader.question('? ');
    await lab.settle();
    reader.close();
    await expect(answer).rejects.toThrow('the reader was closed');
  });
});

describe('a program of lines', () => {
  test('closes the terminal when it ends', async () => {
    const lab = new ScreenLab(
      lineProgram(async lines => lines.print(`hello ${await lines.read({ prompt: 'who? ' })}`)),
    );
    await lab.type('you\r');
    expect({ screen: lab.screen(), closed: lab.wire.disconnecting }).toEqual({
      screen: ['who? you', 'hello you', '▏'],
      closed: true,
    });
  });

  test('that fails closes it too, and says with what', async () => {
    const lab = new ScreenLab(lineProgram(() => Promise.reject(new Error('oh'))));
    await lab.settle();
    expect(lab.end).toMatchObject({ code: 1, failure: { message: 'oh' } });
  });

  test('ends quietly with its input', async () => {
    const lab = new ScreenLab(lineProgram(async lines => void (await lines.read())));
    await lab.type('\x04');
    expect(lab.end).toEqual({ code: 0, failure: undefined });
  });

  test('that chooses its exit status ends with it', async () => {
    const lab = new ScreenLab(lineProgram(async lines => lines.terminal.exit(3)));
    await lab.settle();
    expect(lab.end).toEqual({ code: 3, failure: undefined });
  });
});
