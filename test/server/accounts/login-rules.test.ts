/** Who of the machine's users may log in: sshd's four lists, in its order, and shells. */
import { describe, expect, test } from '@jest/globals';
import { loginRules, type LoginRules } from '../../../server/accounts/login-rules.ts';
import { isLocked, parsePasswd, type SystemUser } from '../../../server/accounts/user-database.ts';
import { loginRuleDefaults } from '../../../server/accounts/system.ts';
import type { Address } from '../../../transport/address.ts';

const alice: SystemUser = {
  name: 'alice',
  identity: { uid: 1000, gid: 1000, groups: [1000, 27] },
  home: '/home/alice',
  shell: '/bin/bash',
  groupNames: ['alice', 'sudo', 'domain users'],
  isLocked: false,
};

const from = (host: string): Address => ({ kind: 'tcp', host, port: 1 });
const shells = (): readonly string[] => ['/bin/bash', '/usr/sbin/nologin'];

const why = (rules: Partial<LoginRules>, user: Partial<SystemUser> = {}, host = '192.0.2.7'): string | undefined =>
  loginRules({ ...loginRuleDefaults, ...rules }, shells)({ ...alice, ...user }, from(host));

// rules, user, what refuses; sshd_config(5) and OpenSSH auth.c unless said otherwise
const facts: Array<[rules: Partial<LoginRules>, user: Partial<SystemUser>, refusedBy: string | undefined]> = [
  [{}, {}, undefined],
  [{ denyUsers: ['alice'] }, {}, 'denyUsers'],
  [{ denyUsers: ['al?ce'] }, {}, 'denyUsers'],
  [{ denyUsers: ['a*'] }, {}, 'denyUsers'],
  [{ denyUsers: ['ALICE', 'alic', 'alice2', 'a.*', '[a]lice'] }, {}, undefined],
  [{ denyUsers: ['alice'], allowUsers: ['alice'] }, {}, 'denyUsers'],
  [{ allowUsers: ['bob'] }, {}, 'allowUsers'],
  [{ allowUsers: ['bob', '*'] }, {}, undefined],
  [{ allowUsers: ['alice@192.0.2.*'] }, {}, undefined],
  [{ allowUsers: ['alice@192.0.2.0/24'] }, {}, undefined],
  [{ allowUsers: ['alice@198.51.100.0/24'] }, {}, 'allowUsers'],
  [{ denyUsers: ['*@192.0.2.7'] }, {}, 'denyUsers'],
  [{ denyGroups: ['sudo'] }, {}, 'denyGroups'],
  [{ denyGroups: ['domain users'] }, {}, 'denyGroups'],
  [{ allowGroups: ['wheel'] }, {}, 'allowGroups'],
  [{ allowGroups: ['wheel', 'su*'] }, {}, undefined],
  [{ allowUsers: ['alice'], denyGroups: ['sudo'] }, {}, 'denyGroups'],
  [{}, { isLocked: true }, 'locked'],
  [{}, { shell: '/usr/sbin/nologin' }, 'shell'],
  [{}, { shell: '/opt/bin/fish' }, 'shell'],
  [{}, { identity: { uid: 0, gid: 0, groups: [] } }, 'permitRootLogin'],
  [{ permitRootLogin: true }, { identity: { uid: 0, gid: 0, groups: [] } }, undefined],
];

test.each(facts)('%j and %j: refused by %s', (rules, user, refusedBy) => {
  if (refusedBy === undefined) expect(why(rules, user)).toBeUndefined();
  else expect(why(rules, user)).toContain(refusedBy);
});

test.each(['alice@example.org', 'alice@!192.0.2.1', 'alice@', 'alice@192.0.2.0/99'])('%s is no pattern', pattern => {
  expect(() => why({ allowUsers: [pattern] })).toThrow(/allowUsers\[0\]/);
});

test('a pattern of many stars does not take for ever', () => {
  const pattern = `${'*a'.repeat(12)}*b`;
  expect(why({ denyUsers: [pattern] }, { name: 'a'.repeat(32) })).toBeUndefined();
});

describe('lines of the user database', () => {
  test.each([
    ['a:x:1:2:G,E:/home/a:/bin/sh\n', { name: 'a', uid: 1, gid: 2, home: '/home/a', shell: '/bin/sh' }],
    ['a:x:1:2::/home/a:\n', { name: 'a', uid: 1, gid: 2, home: '/home/a', shell: '/bin/sh' }], // passwd(5)
    ['a:x:-1:2::/home/a:/bin/sh\n', undefined],
    ['a:x::2::/home/a:/bin/sh\n', undefined],
    ['a:x:1:2::home:/bin/sh\n', undefined],
    ['a:x:1:2:/home/a:/bin/sh\n', undefined],
    ['a:x:1:2::/home/a:/bin/sh\nb:x:0:0::/:/bin/sh\n', undefined],
    ['', undefined],
  ])('passwd(5): %j', (line, user) => {
    expect(parsePasswd(line)).toEqual(user);
  });

  const day = 24 * 60 * 60 * 1000;
  test.each([
    ['a:*:19000:0:99999:7:::', false, 'no password is not locked'],
    ['a:$y$j9T$x:19000:0:99999:7:::', false, 'a password'],
    ['a:!:19000:0:99999:7:::', true, 'passwd -l, and useradd without a password'],
    ['a:!$y$x:19000:0:99999:7:::', true, 'a locked password'],
    ['a:*:19000:0:99999:7::100:', true, 'the account ends on its day'],
    ['a:*:19000:0:99999:7::101:', false, 'and not before'],
    ['', false, 'no entry: the user is not in shadow(5)'],
  ])('shadow(5): %j is locked: %s (%s)', (line, locked) => {
    expect(isLocked(line, 100 * day)).toBe(locked);
  });
});
