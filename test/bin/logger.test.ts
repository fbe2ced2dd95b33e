/** A log line is one line, whatever a peer has put into it. */
import { describe, expect, test } from '@jest/globals';
import { openLog } from '../../bin/logger.ts';
import { testIo } from './test-io.ts';

const hostile = '\x1b]0;owned\x07\x9b2J\r\nroot\u202e\u2028 event=login-accepted "';
const refused = {
  ...({ event: 'login-refused', level: 'warn', connection: 3, peer: '192.0.2.1:5', method: 'publickey' } as const),
  ...{ user: hostile, reason: 'the key is not authorized' },
} as const;

function logged(format: 'pretty' | 'json', colors = false): string {
  const io = testIo('/', { colors });
  openLog(format, io)(refused);
  return io.written.out;
}

describe('a user name full of control characters', () => {
  for (const format of ['pretty', 'json'] as const) {
    test(`is one line in ${format}, with nothing a terminal would act on`, () => {
      expect(logged(format).slice(0, -1)).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
      expect(logged(format).endsWith('\n')).toBe(true);
    });
  }
  test('comes back unchanged from JSON', () => expect(JSON.parse(logged('json'))).toMatchObject({ ...refused }));
  test('cannot look like other fields: it stays inside its quotation marks', () => {
    expect(logged('pretty')).toContain(
      'user="\\u001b]0;owned\\u0007\\u009b2J\\u000d\\u000aroot\\u202e\\u2028 event=login-accepted \\""',
    );
  });
});

test('plain values are plain, and numbers are numbers', () => {
  expect(logged('pretty')).toMatch(
    /^\[\d\d:\d\d:\d\d\] WARN: login-refused {2}connection=3 {2}peer=192\.0\.2\.1:5 {2}method=publickey/,
  );
  expect(logged('json')).toMatch(
    /^\{"level":"warn","time":"\d{4}-\d\d-\d\dT[^"]+Z","event":"login-refused","connection":3,/,
  );
});

test('colours are used only where they were allowed', () => {
  expect(logged('pretty', true)).toContain('\x1b[33m');
  expect(logged('pretty', false)).not.toContain('\x1b');
});
