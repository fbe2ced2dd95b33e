/** What a configuration file may say, and what is said of one that is wrong: the line, the setting, the way out. */
import { describe, expect, test } from '@jest/globals';
import { parseConfig, printSettings } from '../../bin/config.ts';
import { completed, defaultSettings } from '../../bin/settings.ts';

// the file, what is said of it, why
const wrong: Array<[text: string, says: string, why: string]> = [
  [
    'admission:\n  startups: { beginn: 3 }\n',
    "nacre.yaml:2: admission.startups: unknown key 'beginn'; did you mean 'begin'?",
    'a key of a group is looked for in its group',
  ],
  [
    'limits:\n  time:\n    sessionIdle: 10\n',
    "nacre.yaml:3: limits.time.sessionIdle: '10' is not a time; give a number and its unit, e.g. 30s, 2m, 500ms",
    'the whole name of a nested setting',
  ],
  [
    'limits: { queuedBytes: { total: 1MB } }\n',
    "nacre.yaml:1: limits.queuedBytes.total: '1MB' is not a size; give bytes or a number and its unit, e.g. 64KiB, 16MiB",
    'sizes are in powers of two, and say so',
  ],
  [
    'proxyProtocol: { mode: sometimes }\n',
    'nacre.yaml:1: proxyProtocol.mode: must be one of off, optional, required',
    'a word that is none of the known',
  ],
  [
    'log: json\n\nlisen: x\n',
    "nacre.yaml:3: unknown key 'lisen'; did you mean 'listen'?",
    'the line and the nearest key',
  ],
  [
    'zzz: 1\n',
    "nacre.yaml:1: unknown key 'zzz'; known are listen, hostKeys, nextHostKeys, authorizedKeys, accounts, users, log, algorithms, programs, drainTime, loginGraceTime, maxAuthTries, maxSessions, rekeyBytes, rekeyTime, rekeyTimeout, clientAliveInterval, clientAliveCountMax, system, admission, limits, proxyProtocol",
    'nothing is near',
  ],
  [
    'listen:\n  - 1.2.3.4:5\n  - nowhere\n',
    "nacre.yaml:3: listen: 'nowhere' is not HOST:PORT, e.g. 127.0.0.1:2222 or [::1]:2222",
    'the line of the item',
  ],
  ['listen: 1.2.3.4:5\n', 'nacre.yaml:1: listen: must be a list', 'one is a list, too'],
  ['listen: []\n', 'nacre.yaml:1: listen: at least one address is needed', 'a server that listens nowhere'],
  [
    'algorithms: weak\n',
    'nacre.yaml:1: algorithms: must be one of modern, strict, compatible, or lists',
    'a profile that does not exist',
  ],
  [
    'algorithms: { ciphers: [aes128-crt] }\n',
    "nacre.yaml:1: algorithms: ciphers: there is no 'aes128-crt'; did you mean 'aes128-ctr'?",
    'a cipher that does not exist',
  ],
  [
    'drainTime: 30\n',
    "nacre.yaml:1: drainTime: '30' is not a time; give a number and its unit, e.g. 30s, 2m, 500ms",
    'units are said',
  ],
  ['maxSessions: 0\n', 'nacre.yaml:1: maxSessions: must be at least 1', 'none would be no server'],
  ['maxSessions: ten\n', 'nacre.yaml:1: maxSessions: must be a whole number', 'not a number'],
  ['hostKeys: [7]\n', 'nacre.yaml:1: hostKeys: 7 is not text; put it in quotation marks', 'YAML reads a number'],
  ['log: loud\n', 'nacre.yaml:1: log: must be one of pretty, json', 'a name that is not in the table'],
  ['- a\n', 'nacre.yaml:1: must be a list of settings, `name: value`', 'a list is no configuration'],
  ['log:\n\n  loud\n', 'nacre.yaml:1: log: must be one of pretty, json', 'the line of the key, not of its value'],
  ['log: json\nlog: pretty\n', 'nacre.yaml:2: Map keys must be unique', 'which one would count?'],
  [
    'a: [1\n',
    'nacre.yaml:2: Flow sequence in block collection must be sufficiently indented and end with a ]',
    'not YAML',
  ],
  [
    'lgo: x\nmaxSessions: 0\n',
    "nacre.yaml:1: unknown key 'lgo'; did you mean 'log'?\nnacre.yaml:2: maxSessions: must be at least 1",
    'all at once, in order',
  ],
];
describe('a configuration file that is wrong says where and what', () => {
  for (const [text, says, why] of wrong) {
    test(`${JSON.stringify(text)} (${why})`, () => {
      expect(() => parseConfig(text, 'nacre.yaml')).toThrow(
        expect.objectContaining({ code: 'ERR_CONFIG', message: says }),
      );
    });
  }
});

// the file, what it means, why
const right: Array<[text: string, means: unknown, why: string]> = [
  ['', {}, 'an empty file is no settings'],
  ['# only a comment\n', {}, 'the same'],
  ['listen: ["[::]:22"]\n', { listen: [{ host: '::', port: 22 }] }, 'IPv6'],
  [
    'algorithms: { ciphers: [aes128-ctr] }\n',
    { algorithms: { ciphers: ['aes128-ctr'] } },
    'a list of algorithms in place of the one of modern',
  ],
  ['algorithms: compatible\n', { algorithms: 'compatible' }, 'older algorithms for older clients, on request'],
  ['drainTime: 0\nloginGraceTime: 1m\n', { drainTime: 0, loginGraceTime: 60_000 }, 'zero needs no unit'],
  [
    'limits: { queuedBytes: { total: 1GiB } }\nproxyProtocol: { mode: off }\n',
    { limits: { queuedBytes: { total: 1_073_741_824 } }, proxyProtocol: { mode: 'off' } },
    'groups, of which only what is there is set',
  ],
  ['log: null\nauthorizedKeys:\n', { log: null, authorizedKeys: null }, 'as --print-config writes them'],
];
test('what --print-config prints is read back as the same, whatever is set', () => {
  const set = {
    ...defaultSettings,
    ...completed({ limits: { time: { session: 90_000 }, queuedBytes: { total: 2 ** 31 + 1 } } }),
  };
  expect(parseConfig(printSettings(set), 'nacre.yaml')).toEqual(set);
});

test('settings that do not fit together name the one to change', () => {
  expect(() => completed({ admission: { startups: { full: 5 } } })).toThrow(
    /^admission\.startups\.full: .* at least 10, got 5/,
  );
});

describe('a configuration file that is right', () => {
  for (const [text, means, why] of right) {
    test(`${JSON.stringify(text)} (${why})`, () => expect(parseConfig(text, 'nacre.yaml')).toEqual(means));
  }
});
