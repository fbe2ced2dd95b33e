/** Waiting for what an app writes next: nothing is looked at twice, and what comes late is waited for. */
import { expect, test } from '@jest/globals';
import { TerminalProtocol, type ITerminalTransport } from '../../../terminal/contracts.ts';
import { repl } from '../../../terminal/repl/repl.ts';
import { terminalTest, type TerminalTest } from '../../../terminal/testing/terminal-test.ts';

/** An app that writes what the test tells it to. */
async function open(): Promise<{ t: TerminalTest; terminal: ITerminalTransport }> {
  const app = new TerminalProtocol();
  const t = await terminalTest(() => app, { columns: 20, rows: 4 });
  return { t, terminal: t.terminal };
}

test('the same line twice is two lines, also where the screen shows one', async () => {
  const { t, terminal } = await open();
  await using _ = t;
  for (let count = 0; count < 2; count += 1) {
    terminal.cursorHome();
    terminal.write('saved');
  }
  await t.expectNext('saved');
  await t.expectNext('saved');
  await expect(t.expectNext('saved', { deadline: 1 })).rejects.toThrow('does not show "saved"');
});

test('what stands before a match is not looked at again, and groups are told', async () => {
  const { t, terminal } = await open();
  await using _ = t;
  terminal.write('one\ntwo\nthree 3\nfour');
  expect((await t.expectNext(/^three (\d)$/m)).groups).toEqual(['3']);
  await expect(t.expectNext('two', { deadline: 1 })).rejects.toThrow('│four');
  await t.expectNext('four');
});

test('what comes later is waited for', async () => {
  const { t, terminal } = await open();
  await using _ = t;
  const next = t.expectNext('late');
  setImmediate(() => terminal.write('late'));
  await expect(next).resolves.toMatchObject({ text: 'late' });
});

test('skip makes all that was written old', async () => {
  const { t, terminal } = await open();
  await using _ = t;
  terminal.write('old');
  await t.skip();
  terminal.write('new');
  await expect(t.expectNext(/\w+/)).resolves.toMatchObject({ text: 'new' });
});

test('styles do not cut a word, moving the cursor ends a line', async () => {
  const { t, terminal } = await open();
  await using _ = t;
  terminal.write('so');
  terminal.setStyle({ bold: true });
  terminal.write('me');
  terminal.cursorPosition(0, 2);
  terminal.write('thing');
  await t.expectNext(/^some\nthing$/m);
});

test('a prompt is asked the same twice, and hears the same twice', async () => {
  await using t = await terminalTest(() => repl());
  for (let count = 0; count < 3; count += 1) {
    await t.type('1 + 1\n');
    await t.expectNext(/^2$/m);
  }
  await expect(t.expectNext(/^2$/m, { deadline: 1 })).rejects.toThrow();
});

test('the end of a test ends the wait', async () => {
  const { t } = await open();
  const next = t.expectNext('never');
  await t.settle();
  await t[Symbol.asyncDispose]();
  await expect(next).rejects.toThrow('the test is over');
});
