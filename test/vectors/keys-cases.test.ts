/** Golden cases of what Twisted's ServerProtocol hears, played on our terminal. */
import { describe, expect, test } from '@jest/globals';
import { controlKeys } from '../../terminal/input/keys/control-keys.ts';
import { keystrokeName } from '../../terminal/keystroke.ts';
import { openTerminal } from '../terminal/terminal-lab.ts';
import { keyDifferences } from './keys-differences.ts';
import { bytesOf, isDifferent, judge, loadCases } from './vectors.ts';

type KeyId = { readonly b: string } | { readonly key: string };
type Call = readonly [method: string, ...args: Array<KeyId | { readonly key: string } | null>];

interface Case {
  readonly name: string;
  readonly input?: readonly string[];
  readonly calls: readonly Call[];
}

/** Twisted's names of keys, as ours. */
const ourNames: Readonly<Record<string, string>> = {
  UP_ARROW: 'up',
  DOWN_ARROW: 'down',
  LEFT_ARROW: 'left',
  RIGHT_ARROW: 'right',
  NUMPAD_MIDDLE: 'begin',
  PGUP: 'pageUp',
  PGDN: 'pageDown',
};

function keyName(id: KeyId): string {
  if ('key' in id) return ourNames[id.key] ?? id.key.toLowerCase();
  const [byte = 0] = bytesOf(id);
  const control = controlKeys.get(byte);
  if (control) return keystrokeName(control);
  return byte === 0x20 ? 'space' : String.fromCharCode(byte);
}

/** A call of Twisted's, as our program would write it down. */
function line([method, id, modifier]: Call): string {
  if (!id) return method;
  if (method === 'unhandledControlSequence')
    return `unhandled ${bytesOf(id as { b: string })
      .toString('latin1')
      .replaceAll('\x1b', 'ESC ')}`;
  const held = modifier && 'key' in modifier ? `${modifier.key.toLowerCase()}+` : '';
  const name = keyName(id);
  return name.startsWith('control+') && held ? `key control+${held}${name.slice(8)}` : `key ${held}${name}`;
}

const cases = loadCases<Case>('keys.json');
const played = cases.filter(({ input }) => input !== undefined);

/** A lone ESC is a key once nothing has followed for so long; a sequence that was begun is waited for longer. */
const AFTER_ESC = 1_000;

function hear({ input = [] }: Case): string[] {
  const { program, says, clock } = openTerminal();
  for (const piece of input) says(Buffer.from(piece, 'hex'));
  clock.pass(AFTER_ESC);
  return program.heard.slice(1);
}

describe('what is heard', () => {
  test.each(played)('$name', each =>
    judge(each.name, { twisted: each.calls.map(line), ours: hear(each) }, keyDifferences),
  );
});

test('so many match, and in so many we differ', () => {
  const differ = played.filter(({ name }) => isDifferent(keyDifferences, name)).length;
  expect({ match: played.length - differ, differ }).toEqual({ match: 281, differ: 375 });
});

describe('the life of the connection', () => {
  test('the cases are about what our transports promise otherwise: no data before it is made or after it is lost', () => {
    expect(cases.filter(({ input }) => input === undefined).map(({ name }) => name)).toEqual([
      'lifecycle: data after lost raises',
      'lifecycle: lost before connect',
      'lifecycle: data before connect raises',
      'lifecycle: write after lost still reaches transport',
    ]);
  });
});
