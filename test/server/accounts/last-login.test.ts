/** The line about the last login: from records as glibc lays them out, compared with what date(1) makes of the time. */
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLoginLine } from '../../../server/accounts/last-login.ts';
import { closeAfterTest } from '../../support/cleanup.ts';

/** `struct lastlog` (bits/utmp.h). */
function record(timeBytes: 4 | 8, seconds: number, host: string): Buffer {
  const bytes = Buffer.alloc(timeBytes + 32 + 256);
  if (timeBytes === 4) bytes.writeUInt32LE(seconds);
  else bytes.writeBigInt64LE(BigInt(seconds));
  bytes.write('pts/3', timeBytes);
  bytes.write(host, timeBytes + 32, 'latin1');
  return bytes;
}

function fileOf(...records: readonly Buffer[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'lastlog'), Buffer.concat(records));
  return join(folder, 'lastlog');
}

const ctime = (seconds: number): string =>
  execFileSync('date', [`--date=@${seconds}`, '+%a %b %e %T %Y'], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim();

/** A day of one digit, one of two, and a time that a signed number of 32 bits does not hold. */
const times = [1_767_949_445, 1_790_000_000, 2_500_000_000];

describe.each([
  ['x64', 4],
  ['arm64', 8],
] as const)('records of %s', (architecture, bytes) => {
  test.each(times)('the user’s own, at %d', async seconds => {
    const file = fileOf(record(bytes, 1, 'other'), record(bytes, seconds, '192.0.2.7'), record(bytes, 2, 'third'));
    expect(await lastLoginLine(file, 1, architecture)).toBe(`Last login: ${ctime(seconds)} from 192.0.2.7\n`);
  });

  // what is in the file, the line for user 1
  const records: Array<[what: string, records: Buffer[], line: string | RegExp]> = [
    ['a login without a host', [record(bytes, 0, ''), record(bytes, 5, '')], /^Last login: [^f]* \d{4}\n$/],
    ['a user who never logged in', [record(bytes, 9, 'a'), record(bytes, 0, '')], ''],
    ['a file that ends before the user', [record(bytes, 9, 'a')], ''],
    ['a file that ends within the record', [record(bytes, 9, 'a'), record(bytes, 9, 'a').subarray(0, 100)], ''],
    ['a host of all its bytes', [record(bytes, 9, ''), record(bytes, 9, 'h'.repeat(256))], /from h{256}\n$/],
    ['a host that moves the cursor', [record(bytes, 9, ''), record(bytes, 9, '\x1b[2J\x9b\n')], /from \?\[2J\?\?\n$/],
  ];
  test.each(records)('%s', async (_what, records, line) => {
    expect(await lastLoginLine(fileOf(...records), 1, architecture)).toEqual(
      typeof line === 'string' ? line : expect.stringMatching(line),
    );
  });
});

// where there is no line
const nowhere: Array<[what: string, file: () => string, uid: number, architecture: NodeJS.Architecture]> = [
  ['a file that does not exist', () => '/nonexistent/lastlog', 0, 'x64'],
  ['a directory', tmpdir, 0, 'x64'],
  ['the highest user id', () => fileOf(record(4, 9, 'a')), 4_294_967_294, 'x64'],
  ['a machine whose records are not known', () => fileOf(record(4, 9, 'a')), 0, 's390x'],
];
test.each(nowhere)('%s has no line', async (_what, file, uid, architecture) => {
  expect(await lastLoginLine(file(), uid, architecture)).toBe('');
});
