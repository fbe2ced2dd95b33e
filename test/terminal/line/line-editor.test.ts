/** One line after another: what is read, refused, remembered and shown. */
import { describe, expect, test } from '@jest/globals';
import { done } from '../../../transport/close-reason.ts';
import type { LineEditorOptions } from '../../../terminal/line/options.ts';
import type { ReadOptions } from '../../../terminal/line/line-editor.ts';
import { LineHistory } from '../../../terminal/line/history.ts';
import { LineLab } from './line-lab.ts';

const paste = (text: string): string => `\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`;

// what it shows · options of the editor · options of the line · keys · what comes of it · screen
const facts: ReadonlyArray<
  readonly [what: string, LineEditorOptions, ReadOptions, keys: string, lines: readonly string[], screen: string[]]
> = [
  ['Enter submits', {}, {}, 'abc\r', ['abc'], ['abc', '▏']],
  ['the LF of CR LF is no second Enter', {}, {}, 'abc\r\n', ['abc'], ['abc', '▏']],
  ['LF alone submits', {}, {}, 'abc\n', ['abc'], ['abc', '▏']],
  ['control+C rejects', {}, {}, 'abc\x03', ['!the line was interrupted by control+C'], ['abc^C', '▏']],
  ['control+D on an empty line rejects', {}, {}, '\x04', ['!the input was ended by control+D'], ['', '▏']],
  ['control+D elsewhere deletes', {}, {}, 'abc\x01\x04\r', ['bc'], ['bc', '▏']],
  ['the text at first can be edited', {}, { text: 'abc' }, '\x7fd\r', ['abd'], ['abd', '▏']],
  ['hidden input shows nothing', {}, { hidden: true, prompt: 'PW:' }, 'se\x02cret\r', ['screte'], ['PW:', '▏']],
  ['or a character for each', {}, { hidden: '*' }, 'secret\x02', [], ['*****▏*']],
  [
    'hidden input has no completion',
    { complete: () => ({ from: 0, candidates: ['x'] }) },
    { hidden: '*' },
    'a\t',
    [],
    ['*▏'],
  ],
  ['a paste is text: its line ends do not submit', {}, {}, paste('a\nb\tc'), [], ['a b     c▏']],
  ['in a line of several they stay', {}, { multiline: true, continuation: '. ' }, paste('a\nb'), [], ['a', '. b▏']],
  ['a paste submits where it is told to', { pasteSubmits: true }, {}, paste('a\nb'), ['a'], ['a', '▏']],
  ['control characters in a paste go', {}, {}, paste('a\x1b[31m\x07b'), [], ['a[31mb▏']],
  ['a paste is undone in one', {}, {}, `x${paste('abc')}\x1f`, [], ['x▏']],
  ['Alt+Enter begins another line', {}, { multiline: true }, 'ab\x1b\rc\r', ['ab\nc'], ['ab', 'c', '▏']],
  ['only where there may be several', {}, {}, 'ab\x1b\rc\r', ['ab c'], ['ab c', '▏']],
  [
    'an incomplete text goes on in another line',
    {},
    { isComplete: text => text.endsWith(';') },
    'a\rb;\r',
    ['a\nb;'],
    ['a', 'b;', '▏'],
  ],
  ['Up goes up in the text first', {}, { multiline: true }, 'abc\x1b\rd\x1b[AX', [], ['aX▏bc', 'd']],
  [
    'control+A and E are about the line of the text',
    {},
    { multiline: true },
    'ab\x1b\rcd\x01X\x05Y',
    [],
    ['ab', 'XcdY▏'],
  ],
  ['a line too long is cut, with a bell', { maxLength: 3 }, {}, 'abcdef\r', ['abc'], ['abc', '▏']],
  ['own keys come before', { bindings: { emacs: { f5: 'upcase-word' } } }, {}, 'abc\x01\x1b[15~', [], ['ABC▏']],
  ['keys in a row', { bindings: { emacs: { 'control+x u': 'kill-whole-line' } } }, {}, 'abc\x18u', [], ['▏']],
  ['a hint stands behind the text', {}, { hint: text => (text === 'he' ? 'llo' : '') }, 'he', [], ['he▏llo']],
  ['Right takes it over', {}, { hint: text => (text === 'he' ? 'llo' : '') }, 'he\x1b[C\r', ['hello'], ['hello', '▏']],
  ['a hint that was not taken is not submitted', {}, { hint: () => 'x' }, 'he\r', ['he'], ['he', '▏']],
  [
    'colours that do not add up to the text are left out',
    {},
    { highlight: () => [{ text: 'other' }] },
    'abc',
    [],
    ['abc▏'],
  ],
  ['a search shows what it looks for', {}, {}, '\x12two', [], ["(reverse-i-search)`two': one ▏two"]],
  ['and that it found nothing', {}, {}, '\x12zzz', [], ["(failed reverse-i-search)`zzz': ▏zero"]],
  ['Escape ends it', {}, {}, '\x12two\x1b', [], ['one ▏two']],
  [
    'control+C in it gives the line up',
    {},
    { prompt: '$' },
    'ab\x12two\x03',
    ['!the line was interrupted by control+C'],
    ['$ab^C', '▏'],
  ],
  ['PageUp looks for the beginning', {}, {}, 'on\x1b[5~', [], ['on▏e two']],
];

const history = (): LineHistory => new LineHistory({}, ['zero', 'one two', 'three']);

describe('a line', () => {
  test.each(facts)('%s', async (_what, editorOptions, options, keys, lines, screen) => {
    const lab = new LineLab({ history: history(), ...editorOptions });
    void lab.read(options);
    await lab.type(keys);
    expect({ lines: lab.lines, screen: lab.screen() }).toEqual({ lines, screen });
  });
});

describe('lines', () => {
  test('what is typed before it is asked for waits, also past the end of a line', async () => {
    const lab = new LineLab();
    await lab.type('one\rtwo\rthr');
    for (const _ of [1, 2]) await lab.read();
    expect(lab.lines).toEqual(['one', 'two']);
    void lab.read();
    await lab.type('ee\r');
    expect(lab.lines).toEqual(['one', 'two', 'three']);
  });

  test('what waits has a limit, in keystrokes and characters pasted', async () => {
    const lab = new LineLab({ maxTypeahead: 4 });
    await lab.type(`ab${paste('cde')}c\rd`);
    await lab.read();
    expect(lab.lines).toEqual(['abc']);
  });

  test('control+C while none is read is told, and throws away what waits', async () => {
    let interrupts = 0;
    const lab = new LineLab({ onInterrupt: () => (interrupts += 1) });
    await lab.type('abc\x03de\r');
    await lab.read();
    expect({ interrupts, lines: lab.lines }).toEqual({ interrupts: 1, lines: ['de'] });
  });

  test('only one is read at a time', async () => {
    const lab = new LineLab();
    void lab.read();
    expect(() => lab.editor.read()).toThrow('one line is being read already');
  });

  test('an option that there is not is refused', () => {
    expect(() => new LineLab().editor.read({ promt: '' } as ReadOptions)).toThrow('promt: there is no such option');
    expect(() => new LineLab({ bindings: { emacs: { a: 'fly' as 'yank' } } })).toThrow('there is no such action');
  });

  test('a signal gives the line up, and the next is read', async () => {
    const lab = new LineLab();
    const abort = new AbortController();
    void lab.read({ prompt: '> ', signal: abort.signal });
    await lab.type('abc');
    abort.abort(new Error('too slow'));
    await lab.settle();
    void lab.read({ prompt: '$ ' });
    await lab.type('d\r');
    expect(lab.lines).toEqual(['!too slow', 'd']);
    expect(lab.screen()).toEqual(['> abc', '$ d', '▏']);
  });

  test('a signal that was given before gives it up at once', async () => {
    const lab = new LineLab();
    await lab.read({ signal: AbortSignal.abort(new Error('late')) });
    expect(lab.lines).toEqual(['!late']);
  });

  test('the end of the connection is told, now and later', async () => {
    const lab = new LineLab();
    const reading = lab.read();
    await lab.type('abc');
    lab.wire.lose(done);
    await reading;
    await lab.read();
    expect(lab.lines).toEqual(Array(2).fill('!the connection ended early: closed'));
  });

  test('what was killed can be yanked into the next, but never what was hidden', async () => {
    const lab = new LineLab();
    void lab.read();
    await lab.type('abc\x15x\r');
    void lab.read({ hidden: true });
    await lab.type('secret\x15\r');
    void lab.read();
    await lab.type('\x19\r');
    expect(lab.lines).toEqual(['x', '', 'abc']);
  });

  test('hidden lines, and those that are not to be, are not remembered', async () => {
    const lab = new LineLab();
    const kinds: ReadOptions[] = [{ hidden: true }, { remember: false }, {}];
    for (const options of kinds) {
      void lab.read(options);
      await lab.type('abc\r');
    }
    expect(lab.editor.history).toEqual(['abc']);
  });

  test('a history line that was edited is as it was the next time', async () => {
    const lab = new LineLab({ history: history() });
    void lab.read();
    await lab.type('\x10edited\x10\r');
    void lab.read();
    await lab.type('\x10\x10\r');
    expect(lab.lines).toEqual(['one two', 'three']);
  });
});
