/** Every rule of the options, and what stands where nothing was given. */
import { describe, expect, test } from '@jest/globals';
import { listenDefaults, resolveListenOptions, type ListenOptions } from '../../server/options.ts';
import { hostKeyOf } from '../support/nacre-server.ts';
import { softwareVersion } from '../../ssh/ident.ts';
import { makeTestKey } from '../support/ssh-keys.ts';

const hostKey = await hostKeyOf(makeTestKey());
const given: ListenOptions = {
  listen: [{ host: '127.0.0.1', port: 0 }],
  hostKeys: [hostKey],
  authorize: () => false,
};

test('the defaults are these', () => {
  const { onEvent, isUser, ...rest } = resolveListenOptions(given);
  expect(rest).toEqual({
    ...given,
    algorithms: 'modern',
    loginGraceTime: 120_000,
    maxAuthTries: 6,
    maxSessions: 10,
    rekeyBytes: 1_073_741_824,
    softwareVersion,
    // sshd_config(5), OpenSSH 10: MaxStartups, PerSourceMaxStartups, PerSourceNetBlockSize, PerSourcePenalties
    admission: {
      maxConnections: 10_000,
      startups: { begin: 10, rate: 30, full: 100 },
      source: { maxStartups: 0, maxConnections: 0, ipv4Bits: 32, ipv6Bits: 128 },
      penalties: {
        ...{ enabled: true, authFail: 5_000, invalidUser: 5_000, graceExceeded: 10_000, noAuth: 1_000, crash: 90_000 },
        ...{ min: 15_000, max: 600_000, maxSources4: 65_536, maxSources6: 65_536 },
        ...{ overflow4: 'permissive', overflow6: 'permissive', exempt: [] },
      },
    },
    proxyProtocol: { mode: 'off', trusted: [], timeout: 5_000 },
    limits: {
      beforeLogin: { ident: 10_000, keyExchange: 30_000, message: 0 },
      maxChannels: 100,
      maxTotalSessions: 10_000,
      queuedBytes: { channel: 16_777_216, connection: 67_108_864, total: 536_870_912 },
      time: { unused: 0, connectionIdle: 0, connection: 0, sessionIdle: 0, session: 0 },
      requests: { perSecond: 1_000, burst: 5_000 },
    },
    rekeyTime: 3_600_000,
    rekeyTimeout: 120_000,
    clientAliveInterval: 0,
    clientAliveCountMax: 3,
    nextHostKeys: [],
  });
  expect(isUser('anybody')).toBe(true);
  expect(onEvent({ event: 'listening', level: 'info', host: '', port: 0 })).toBeUndefined();
});

test('what is given stays, the least values included', () => {
  const least = {
    loginGraceTime: 0,
    maxAuthTries: 1,
    maxSessions: 1,
    rekeyBytes: 65_536,
    rekeyTime: 0,
    clientAliveCountMax: 0,
    algorithms: 'compatible',
  } as const;
  expect(resolveListenOptions({ ...given, ...least })).toMatchObject(least);
});

test('the result is complete and frozen; the argument is not touched', () => {
  const options = { ...given };
  const resolved = resolveListenOptions(options);
  expect(Object.isFrozen(resolved)).toBe(true);
  expect(Object.keys(resolved).sort()).toEqual([...Object.keys(given), ...Object.keys(listenDefaults)].sort());
  expect(options).toEqual(given);
});

describe('a ConfigError names the option', () => {
  const wrong: Array<[options: object, option: string, problem: RegExp]> = [
    [{ listen: [] }, 'listen', /at least one address/],
    [{ hostKeys: [] }, 'hostKeys', /at least one host key/],
    [{ hostKeys: [hostKey, hostKey] }, 'hostKeys', /two of type ssh-ed25519/],
    [{ authorize: undefined }, 'authorize', /would have to let everybody in/],
    [{ authorize: true }, 'authorize', /is required/],
    [{ algorithms: 'weak' }, 'algorithms', /one of modern, strict, compatible/],
    [{ algorithms: 'constructor' }, 'algorithms', /one of modern, strict, compatible/],
    [{ loginGraceTime: -1 }, 'loginGraceTime', /at least 0, got -1/],
    [{ loginGraceTime: NaN }, 'loginGraceTime', /whole number/],
    [{ loginGraceTime: 1.5 }, 'loginGraceTime', /whole number/],
    [{ loginGraceTime: '5' }, 'loginGraceTime', /whole number/],
    [{ maxAuthTries: 0 }, 'maxAuthTries', /at least 1, got 0/],
    [{ maxSessions: 0 }, 'maxSessions', /at least 1, got 0/],
    [{ rekeyBytes: 65_535 }, 'rekeyBytes', /at least 65536/],
    [{ rekeyBytes: Infinity }, 'rekeyBytes', /whole number/],
    [{ rekeyTime: -1 }, 'rekeyTime', /at least 0/],
    [{ rekeyTime: 2 ** 31 }, 'rekeyTime', /at most 2147483647/],
    [{ rekeyTimeout: 2 ** 31 }, 'rekeyTimeout', /at most 2147483647/],
    [{ loginGraceTime: 2 ** 31 }, 'loginGraceTime', /at most 2147483647/],
    [{ clientAliveInterval: 2 ** 31 }, 'clientAliveInterval', /at most 2147483647/],
    [{ clientAliveCountMax: -1 }, 'clientAliveCountMax', /at least 0/],
    [{ softwareVersion: '' }, 'softwareVersion', /printable ASCII/],
    [{ softwareVersion: 'two words' }, 'softwareVersion', /no space/],
    [{ softwareVersion: 'nacre-1' }, 'softwareVersion', /no "-"/],
    [{ softwareVersion: 'x'.repeat(201) }, 'softwareVersion', /at most 200/],
    [{ maxSession: 3 }, 'maxSession', /no such option/],
    [{ admission: { startup: {} } }, 'admission.startup', /no such option/],
    [{ admission: { constructor: 1 } }, 'admission.constructor', /no such option/],
    [{ admission: { maxConnections: -1 } }, 'admission.maxConnections', /at least 0/],
    [{ admission: { startups: 'none' as never } }, 'admission.startups', /must be a group/],
    [{ admission: { startups: { begins: 1 } } }, 'admission.startups.begins', /no such option/],
    [{ admission: { startups: { begin: 0 } } }, 'admission.startups.begin', /at least 1/],
    [{ admission: { startups: { rate: 101 } } }, 'admission.startups.rate', /from 0 to 100/],
    [{ admission: { startups: { full: 9 } } }, 'admission.startups.full', /at least 10/],
    [{ admission: { source: { ipv4Bits: 33 } } }, 'admission.source.ipv4Bits', /from 1 to 32/],
    [{ admission: { source: { ipv6Bits: 0 } } }, 'admission.source.ipv6Bits', /from 1 to 128/],
    [{ admission: { penalties: { authFail: 1.5 } } }, 'admission.penalties.authFail', /whole number/],
    [{ admission: { penalties: { max: 14_999 } } }, 'admission.penalties.max', /from 15000 to/],
    [{ admission: { penalties: { overflow6: 'deny' } } }, 'admission.penalties.overflow6', /permissive, deny-all/],
    [{ admission: { penalties: { exempt: ['here'] } } }, 'admission.penalties.exempt[0]', /not a network/],
    [{ limits: { idle: 1 } }, 'limits.idle', /no such option/],
    [{ limits: { maxChannels: 0 } }, 'limits.maxChannels', /at least 1/],
    [{ limits: { beforeLogin: { ident: -1 } } }, 'limits.beforeLogin.ident', /from 0 to/],
    [{ limits: { queuedBytes: { channel: 65_535 } } }, 'limits.queuedBytes.channel', /at least 65536/],
    [{ limits: { queuedBytes: { connection: 1 } } }, 'limits.queuedBytes.connection', /at least 16777216/],
    [{ limits: { queuedBytes: { total: 1 } } }, 'limits.queuedBytes.total', /at least 67108864/],
    [{ limits: { time: { session: 2 ** 31 } } }, 'limits.time.session', /from 0 to 2147483647/],
    [{ limits: { requests: { burst: 0 } } }, 'limits.requests.burst', /at least 1/],
    [{ proxyProtocol: { mode: 'on' } }, 'proxyProtocol.mode', /off, optional, required/],
    [{ proxyProtocol: { mode: 'required' } }, 'proxyProtocol.trusted', /name the networks/],
    [{ proxyProtocol: { trusted: ['10.0.0.0/40'] } }, 'proxyProtocol.trusted[0]', /not a network/],
    [{ proxyProtocol: { timeout: 0 } }, 'proxyProtocol.timeout', /from 1 to/],
  ];
  for (const [options, option, problem] of wrong) {
    test(`${JSON.stringify(options, (_, v: unknown) => (v === undefined || v === hostKey || Number.isNaN(v) || v === Infinity ? String(v).slice(0, 9) : v))}`, () => {
      const resolve = (): unknown => resolveListenOptions({ ...given, ...options });
      expect(resolve).toThrow(
        expect.objectContaining({
          name: 'ConfigError',
          code: 'ERR_CONFIG',
          option,
          message: expect.stringMatching(problem),
        }),
      );
    });
  }
});

describe('an option that is there but undefined counts as not given', () => {
  for (const name of Object.keys(listenDefaults)) {
    test(name, () => {
      const options = { ...given, [name]: undefined };
      expect(resolveListenOptions(options)).toMatchObject({
        [name]: listenDefaults[name as keyof typeof listenDefaults],
      });
    });
  }
});
