/** Which authorized_keys files are believed: sshd's StrictModes, tried on real files. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { holdDirectory, testWithHeldDirectory } from '../support/held-directory.ts';
import { testWhere } from '../support/possible.ts';
import { parseAuthorizedKeys, type AuthorizedKeys } from '../../keys/authorized-keys.ts';
import {
  holdsKey,
  readAuthorizedKeys,
  type FileRefusalCode,
  type ReadAuthorizedKeys,
} from '../../keys/authorized-keys-file.ts';
import { generateEd25519 } from '../../ssh/ssh2/private-key.ts';
import { NoAnswerError } from '../../transport/patience.ts';
import { temporaryDirectory } from '../support/ssh-keygen.ts';

const { publicLine } = generateEd25519('me');
const { uid } = userInfo();

afterEach(() => void jest.useRealTimers());

/** A home with `.ssh/authorized_keys` as sshd wants it, which `change` then spoils. */
function read(change: (home: string, file: string) => string | void): Promise<ReadAuthorizedKeys> {
  const home = temporaryDirectory();
  const file = join(home, '.ssh', 'authorized_keys');
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(file, `${publicLine}\n`, { mode: 0o600 });
  return readAuthorizedKeys(change(home, file) ?? file, { uid, home });
}

const fine: Array<[why: string, change: (home: string, file: string) => string | void]> = [
  ['0600 below 0700', () => undefined],
  ['readable by all is no harm', (_, file) => chmodSync(file, 0o644)],
  [
    'a link to a file that is fine itself',
    (home, file) => {
      symlinkSync(file, join(home, 'link'));
      return join(home, 'link');
    },
  ],
  [
    'below a sticky directory such as /tmp, where others cannot replace what is not theirs',
    home => {
      const tmp = join(home, 'tmp');
      mkdirSync(join(tmp, 'mine'), { recursive: true });
      chmodSync(tmp, 0o1777);
      writeFileSync(join(tmp, 'mine', 'keys'), publicLine, { mode: 0o600 });
      return join(tmp, 'mine', 'keys');
    },
  ],
];
describe('files that are read', () => {
  for (const [why, change] of fine) {
    test(why, async () =>
      expect(await read(change)).toMatchObject({ keys: [{ comment: 'me', line: 1 }], refused: [] }),
    );
  }
});

const refused: Array<
  [code: string, why: string, change: (home: string, file: string) => string | void, needsRoot?: true]
> = [
  ['missing', 'no file', home => join(home, 'none')],
  ['missing', 'a link to nothing', home => (symlinkSync(join(home, 'none'), join(home, 'link')), join(home, 'link'))],
  ['writable-by-others', 'the group may write the file', (_, file) => chmodSync(file, 0o620)],
  ['writable-by-others', 'everybody may write the file', (_, file) => chmodSync(file, 0o602)],
  ['writable-by-others', 'the group may write .ssh', home => chmodSync(join(home, '.ssh'), 0o770)],
  ['writable-by-others', 'everybody may write the home', home => chmodSync(home, 0o777)],
  ['not-a-file', 'a directory', home => join(home, '.ssh')],
  [
    'not-a-file',
    'a named pipe, which would wait for ever',
    home => (execFileSync('sh', ['-c', 'mkfifo -m 600 "$0"', join(home, 'pipe')]), join(home, 'pipe')),
  ],
  ['not-a-file', 'a device', () => '/dev/null'],
  ['too-large', 'more than 1 MiB', (_, file) => writeFileSync(file, `${publicLine}\n`.repeat(20_000))],
  ['wrong-owner', 'the file is somebody else’s', (_, file) => chownSync(file, 12345, 12345), true],
  ['wrong-owner', 'the home is somebody else’s', home => chownSync(home, 12345, 12345), true],
  [
    'wrong-owner',
    'a link to somebody else’s file: what counts is where it leads',
    home => {
      const elsewhere = temporaryDirectory();
      writeFileSync(join(elsewhere, 'keys'), publicLine);
      chownSync(elsewhere, 12345, 12345);
      symlinkSync(join(elsewhere, 'keys'), join(home, 'link'));
      return join(home, 'link');
    },
    true,
  ],
];
describe('files that give no key, and why', () => {
  for (const [code, why, change, needsRoot] of refused) {
    const possible = testWhere(!needsRoot || uid === 0, `only root can make this file: ${why}`);
    possible(`${code}: ${why}`, async () => {
      const result = await read(change);
      expect(result).toEqual({ refusal: { code, path: expect.any(String), reason: expect.stringMatching(/\w/) } });
    });
  }
  test('the directory that is wrong is named, with what to do', async () => {
    const result = await read(home => chmodSync(join(home, '.ssh'), 0o777));
    expect(result).toMatchObject({
      refusal: {
        path: expect.stringMatching(/\.ssh$/),
        reason: expect.stringMatching(/mode 0777.*chmod go-w .*\.ssh/),
      },
    });
  });
});

test('the file is read anew each time: a key taken out is out', async () => {
  const home = temporaryDirectory();
  const file = join(home, 'keys');
  writeFileSync(file, publicLine, { mode: 0o600 });
  expect(await readAuthorizedKeys(file, { uid, home })).toMatchObject({ keys: [{}] });
  writeFileSync(file, '');
  expect(await readAuthorizedKeys(file, { uid, home })).toEqual({ keys: [], refused: [] });
});

testWithHeldDirectory('homes that do not answer hold few of libuv’s threads: files of others are read', async () => {
  const held = await holdDirectory();
  const owner = { uid, home: held.path };
  const waiting = Array.from({ length: 10 }, () => readAuthorizedKeys(join(held.path, 'keys'), owner));
  await held.wanted();
  expect(await read(() => undefined)).toMatchObject({ keys: [{ comment: 'me' }] });
  held.letGo();
  const codes = (await Promise.all(waiting)).map(found => 'refusal' in found && found.refusal.code);
  expect(new Set(codes)).toEqual(new Set(['missing']));
});

describe('a key is', () => {
  const file = ({ publicLine }: { publicLine: string }): AuthorizedKeys => parseAuthorizedKeys(publicLine);
  const [mine, other] = [file(generateEd25519('mine')), file(generateEd25519('other'))];
  const { key } = mine.keys[0]!;
  const refusal = (code: FileRefusalCode): ReadAuthorizedKeys => ({ refusal: { code, path: '/f', reason: 'why' } });

  test('held if one of the files has it, whatever is wrong with the rest', () => {
    expect(holdsKey([refusal('no-answer'), refusal('missing'), other, mine], key)).toBe(true);
  });

  test('not held if all are read that can be', () => {
    expect(holdsKey([refusal('missing'), refusal('unreadable'), other], key)).toBe(false);
  });

  test('neither if one has not answered', () => {
    const ask = (): boolean => holdsKey([other, refusal('no-answer')], key);
    expect(ask).toThrow(NoAnswerError);
    expect(ask).toThrow('/f: why');
  });
});

testWithHeldDirectory('a home that does not answer in time has not answered, which is no other refusal', async () => {
  const held = await holdDirectory();
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  const reading = readAuthorizedKeys(join(held.path, 'keys'), { uid, home: held.path });
  await held.wanted();
  jest.advanceTimersByTime(30_000);
  const reason = 'there was no answer for 30 s; is a file system dead?';
  expect(await reading).toEqual({ refusal: { code: 'no-answer', path: join(held.path, 'keys'), reason } });
  held.letGo();
});
