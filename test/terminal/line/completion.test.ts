/** Completion: inserting what is common, listing the rest, going through the list. */
import { describe, expect, test } from '@jest/globals';
import type { Completer } from '../../../terminal/line/completion.ts';
import { commonPrefix, listOf } from '../../../terminal/line/completion.ts';
import { LineLab } from './line-lab.ts';

const words = ['commit', 'commence', 'checkout', 'clone', 'été', 'étage'];

/** Words that begin as the one before the cursor does. */
const complete: Completer = (text, cursor) => {
  const from = text.lastIndexOf(' ', cursor - 1) + 1;
  const typed = text.slice(from, cursor);
  return { from, candidates: words.filter(word => word.startsWith(typed)), suffix: ' ' };
};

// keys · the screen · why
const facts: ReadonlyArray<readonly [keys: string, screen: string[], why: string]> = [
  ['cl\t', ['clone ▏'], 'the only one, and what stands behind it'],
  ['co\t', ['comm▏'], 'what all have in common'],
  ['co\t\t', ['comm▏', 'commit    commence'], 'the list, when that is there already'],
  ['co\t\tx', ['commx▏'], 'it goes with the next key'],
  ['co\t\t\t', ['commit▏', 'commit    commence'], 'then the first'],
  ['co\t\t\t\t', ['commence▏', 'commit    commence'], 'and the next'],
  ['co\t\t\t\t\t', ['commit▏', 'commit    commence'], 'and around'],
  ['co\t\t\x1b[Z', ['commence▏', 'commit    commence'], 'backwards'],
  ['x\t', ['x▏'], 'there is none'],
  ['a cl b\x02\x02\t', ['a clone ▏ b'], 'in the middle of the line'],
  ['é\t', ['ét▏'], 'characters of more than one byte'],
  ['c\x1b?', ['c▏', 'commit    checkout', 'commence  clone'], 'M-? lists only'],
  ['co\x1b*', ['commit commence ▏'], 'M-* inserts all'],
  ['cl\t\x1f', ['cl▏'], 'it is undone in one'],
];

describe('completion', () => {
  test.each(facts)('%j shows %j: %s', async (keys, screen) => {
    const lab = new LineLab({ columns: 24, complete });
    void lab.read();
    await lab.type(keys);
    expect(lab.screen()).toEqual(screen);
  });

  test('a list goes when the line is submitted', async () => {
    const lab = new LineLab({ columns: 24, complete });
    void lab.read();
    await lab.type('co\t\t\r');
    expect(lab.screen()).toEqual(['comm', '▏']);
  });

  test('may take its time; what comes too late is dropped, and the signal says so', async () => {
    const answers: Array<(words: string[]) => void> = [];
    const signals: AbortSignal[] = [];
    const slow: Completer = (_text, _cursor, signal) => {
      signals.push(signal);
      return new Promise(resolve => answers.push(candidates => resolve({ from: 0, candidates })));
    };
    const lab = new LineLab({ complete: slow });
    void lab.read();
    await lab.type('a\t');
    await lab.type('b');
    answers[0]?.(['abacus']);
    await lab.settle();
    expect({ screen: lab.screen(), aborted: signals[0]?.aborted }).toEqual({ screen: ['ab▏'], aborted: true });
    await lab.type('\t');
    answers[1]?.(['abacus']);
    await lab.settle();
    expect(lab.screen()).toEqual(['abacus▏']);
  });

  test.each<[string, Completer]>([
    ['throws', () => raise()],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('a provider that %s rings the bell', async (_what, failing) => {
    const lab = new LineLab({ complete: failing });
    void lab.read();
    await lab.type('a\tb\r');
    expect(lab.lines).toEqual(['ab']);
  });
});

function raise(): never {
  throw new Error('no');
}

describe('a list', () => {
  const plain = (...args: Parameters<typeof listOf>): string[] =>
    listOf(...args).map(line =>
      typeof line === 'string'
        ? line
        : line
            .map(({ text }) => text)
            .join('')
            .trimEnd(),
    );
  const candidates = Array.from({ length: 7 }, (_, index) => ({ text: `word${index}` }));

  test('is sorted downwards, in as many columns as there is room for', () => {
    expect(plain(candidates, 19, 10)).toEqual(['word0  word3  word6', 'word1  word4', 'word2  word5']);
    expect(plain(candidates, 18, 10)).toHaveLength(4);
  });

  test('has no more rows than it may, says so, and shows the chosen one', () => {
    expect(plain(candidates, 5, 2)).toEqual(['word0', 'word1', '… 7 candidates']);
    expect(plain(candidates, 5, 2, 4)).toEqual(['word3', 'word4', '… 7 candidates']);
  });

  test('cuts what is wider than the screen, and shows no control characters', () => {
    expect(plain([{ text: 'x', shown: '日本語\x1b[2J' }], 6, 2)).toEqual(['日本…']);
  });

  test('what is common is counted in graphemes', () => {
    expect(commonPrefix([{ text: 'ae\u0301' }, { text: 'ae\u0302' }])).toBe('a');
  });
});
