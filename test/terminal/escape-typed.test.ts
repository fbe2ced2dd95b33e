/**
 * Escape typed by a person, and then one of the characters that begin a sequence behind ESC: `[`, `O`, `P`, `X`, `]`, `^`, `_`.
 *
 * Only time tells the two apart: what comes within the escape delay is one key with alt, or the beginning of a sequence.
 */
import { describe, expect, test } from '@jest/globals';
import { openTerminal, type TerminalLab } from './terminal-lab.ts';

const introducers = Array.from('[OPX]^_');
const DELAY = 50;

/** Each key so many milliseconds after the one before. */
function typed(lab: TerminalLab, keys: readonly string[], apart: number): string[] {
  for (const key of keys) {
    lab.says(key);
    lab.clock.pass(apart);
  }
  return lab.program.heard.slice(1);
}

const open = (): TerminalLab => openTerminal({ escapeTimeout: DELAY });

describe.each(introducers)('Escape and %s', introducer => {
  test('are two keys when there is time between them, and what follows is text', () => {
    const keys = ['\x1b', introducer, 'a', '1', ';', '\r'];
    expect(typed(open(), keys, DELAY)).toEqual([
      'key escape',
      `key ${introducer}`,
      'key a',
      'key 1',
      'key ;',
      'key enter',
    ]);
  });

  test('are one key with alt when they come together, and what follows after a while is text', () => {
    expect(typed(open(), [`\x1b${introducer}`, 'a', '\r'], DELAY)).toEqual([
      `key alt+${introducer}`,
      'key a',
      'key enter',
    ]);
    const lab = open();
    lab.says('\x1b');
    lab.clock.pass(DELAY - 1);
    expect(typed(lab, [introducer, 'a'], DELAY)).toEqual([`key alt+${introducer}`, 'key a']);
  });

  test('and Escape again are that key and Escape', () => {
    expect(typed(open(), [`\x1b${introducer}`, '\x1b'], DELAY)).toEqual([`key alt+${introducer}`, 'key escape']);
    expect(typed(open(), [`\x1b${introducer}\x1b`], DELAY)).toEqual([`key alt+${introducer}`, 'key escape']);
  });

  test('and control+C are that key and control+C, however fast', () => {
    expect(typed(open(), [`\x1b${introducer}\x03`], 0)).toEqual([`key alt+${introducer}`, 'key control+c']);
  });

  test('that are waited for when the connection ends are told', () => {
    const lab = open();
    lab.says(`\x1b${introducer}`);
    lab.wire.receiveEof();
    expect(lab.program.heard.slice(1, 2)).toEqual([`key alt+${introducer}`]);
  });
});

describe('on a slow line', () => {
  test('Escape waits as long as its rest may be late, and no longer than 300 milliseconds', async () => {
    const lab = openTerminal();
    const answer = lab.terminal.reportDeviceAttributes();
    lab.clock.pass(1_900);
    lab.says('\x1b[?62c');
    await answer;
    lab.says('\x1b');
    lab.clock.pass(299);
    lab.says('[A');
    lab.says('\x1b');
    lab.clock.pass(300);
    lab.says('[A');
    lab.clock.pass(1_000);
    expect(lab.program.heard.slice(1)).toEqual(['key up', 'key escape', 'key [', 'key A']);
  });
});

describe.each(Array.from('PX]^_'))('a control string that %s has begun by mistake', introducer => {
  test('ends at the next control character, which is a key, or after a while; then keys are keys again', () => {
    const lab = open();
    lab.says(`\x1b${introducer}abc`);
    lab.says('\rx');
    expect(lab.program.heard.slice(1)).toEqual([`unhandled ESC ${introducer}abc`, 'key enter', 'key x']);
    lab.program.heard.length = 1;
    lab.says(`\x1b${introducer}abc`);
    lab.clock.pass(3_000);
    lab.says('x');
    expect(lab.program.heard.slice(1)).toEqual([`unhandled ESC ${introducer}abc`, 'key x']);
  });
});
